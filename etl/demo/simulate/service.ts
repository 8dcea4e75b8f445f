// The service team: who gets a ticket, how long it waits, how it ends and what the customer says about it.
import { isWithin, type Scenario, type TeamId } from "../episodes.ts";
import { blackFriday } from "../calendar.ts";
import { Random, STREAM } from "../random.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, offsetMinutes, wallClock, type Zone } from "../zones.ts";
import type { LanguageCode } from "../markets.ts";
import type { Contact, Rating, Ticket } from "./types.ts";

export interface Team {
  readonly id: TeamId;
  readonly groupId: number;
  readonly name: string;
  readonly zone: Zone;
  readonly opens: number;
  readonly closes: number;
  readonly worksSundays: boolean;
  readonly agents: readonly string[];
  /** Median business minutes to the first reply. */
  readonly wait: number;
}

export const TEAMS: Readonly<Record<TeamId, Team>> = {
  english: {
    id: "english",
    groupId: 360_011_000_001,
    name: "Service English",
    zone: "America/New_York",
    opens: 8,
    closes: 20,
    worksSundays: true,
    agents: ["Maya Flores", "Tom Ellery", "Priya Nand", "Jonah Pike"],
    wait: 95,
  },
  europe: {
    id: "europe",
    groupId: 360_011_000_002,
    name: "Service Europe",
    zone: "Europe/Berlin",
    opens: 9,
    closes: 18,
    worksSundays: false,
    agents: ["Katrin Bode", "Luc Ferrand", "Elisa Marín", "Timo Harms"],
    wait: 120,
  },
  asia: {
    id: "asia",
    groupId: 360_011_000_003,
    name: "Service Asia",
    zone: "Asia/Shanghai",
    opens: 9,
    closes: 18,
    worksSundays: false,
    agents: ["何婷", "林海", "森本由美"],
    wait: 70,
  },
};

const TEAM_OF: Readonly<Record<LanguageCode, TeamId>> = {
  en: "english",
  de: "europe",
  fr: "europe",
  es: "europe",
  ja: "asia",
  zh: "asia",
};

const HARD_TOPICS = new Set(["quality_defect", "damaged_in_transit", "never_arrived", "late_delivery", "slow_service"]);
const URGENT_TOPICS = new Set(["never_arrived", "slow_service"]);

/** Plays the ticket to its end, past the demo's end if need be: the export shows what had happened by its day. */
export function serve(contact: Contact, createdAt: number, id: number, scenario: Scenario): Ticket {
  const random = new Random(contact.key, STREAM.service);
  const team = TEAMS[TEAM_OF[contact.language]];
  const fateDraw = random.next();
  const fate = fateDraw < 0.004 ? "deleted" : fateDraw < 0.014 ? "merged" : "kept";
  const wait = waitOf(team, createdAt, scenario, random);
  const isNeverAnswered = fate !== "kept" || random.chance(0.012);
  const firstReplyAt = isNeverAnswered ? null : afterBusinessMinutes(team, createdAt, wait);
  const rounds = 1 + (random.chance(0.42) ? 1 : 0) + (random.chance(0.14) ? 1 : 0);
  let solvedAt = (firstReplyAt ?? createdAt) + 10 * MINUTE_MS;
  for (let round = 1; round < rounds; round++) {
    solvedAt = afterBusinessMinutes(
      team,
      solvedAt + random.exponential(14 * HOUR_MS),
      random.lognormal(wait * 0.8, 0.6),
    );
  }
  const isReopened = random.chance(0.06) && fate === "kept";
  const firstSolvedAt = fate === "deleted" || isNeverAnswered ? null : wholeSecond(solvedAt);
  const lastSolvedAt =
    isReopened && firstSolvedAt ? wholeSecond(firstSolvedAt + random.between(0.5, 4) * DAY_MS) : firstSolvedAt;
  const mergedAt = createdAt + 25 * MINUTE_MS;
  const ticket: Omit<Ticket, "rating"> = {
    ...contact,
    at: createdAt,
    id,
    teamId: team.id,
    agent: random.int(team.agents.length),
    viaChannel: channelOf(contact, random),
    priority: URGENT_TOPICS.has(contact.topic)
      ? "high"
      : random.chance(0.03)
        ? "urgent"
        : random.chance(0.12)
          ? "low"
          : "normal",
    firstReplyAt,
    businessMinutes: firstReplyAt === null ? null : Math.round(wait),
    replies: firstReplyAt === null ? 0 : rounds + (isReopened ? 1 : 0),
    firstSolvedAt: fate === "merged" ? mergedAt : firstSolvedAt,
    solvedAt: fate === "merged" ? mergedAt : lastSolvedAt,
    reopens: isReopened && firstSolvedAt ? 1 : 0,
    fate,
  };
  return { ...ticket, rating: fate === "kept" ? rate(ticket, random) : null };
}

function waitOf(team: Team, createdAt: number, scenario: Scenario, random: Random): number {
  const sinceBlackFriday = (createdAt - blackFriday(new Date(createdAt).getUTCFullYear())) / DAY_MS;
  const peak = sinceBlackFriday >= 0 && sinceBlackFriday < 21 ? 1.8 : 1;
  const monday = new Date(createdAt).getUTCDay() === 1 ? 1.35 : 1;
  const backlog = scenario.backlogs.find((each) => each.team === team.id && isWithin(each, createdAt));
  return random.lognormal(team.wait * peak * monday * (backlog?.waitFactor ?? 1), 0.85);
}

function channelOf(contact: Contact, random: Random): Ticket["viaChannel"] {
  if (contact.order?.channel === "amazon") return "api";
  if (contact.isOpenedByAgent) return "web";
  const draw = random.next();
  if (contact.language === "ja" || contact.language === "zh") return draw < 0.5 ? "email" : draw < 0.7 ? "web" : "chat";
  return draw < 0.56 ? "email" : draw < 0.76 ? "web" : draw < 0.92 ? "chat" : "whatsapp";
}

/** The instant after so many minutes of the team's opening hours. */
export function afterBusinessMinutes(team: Team, fromMs: number, minutes: number): number {
  let clock = wallClock(team.zone, fromMs);
  let rest = minutes;
  for (;;) {
    const day = Math.floor(clock / DAY_MS) * DAY_MS;
    const isOpen = team.worksSundays || new Date(day).getUTCDay() !== 0;
    const opens = day + team.opens * HOUR_MS;
    const closes = day + team.closes * HOUR_MS;
    const start = Math.max(clock, opens);
    const left = isOpen ? Math.max(0, closes - start) / MINUTE_MS : 0;
    if (rest < left) {
      const local = start + rest * MINUTE_MS;
      return wholeSecond(Math.max(fromMs + MINUTE_MS, local - offsetMinutes(team.zone, local) * MINUTE_MS));
    }
    rest -= left;
    clock = day + DAY_MS;
  }
}

/** Satisfaction falls with the wait, with hard topics and with reopening. */
function rate(ticket: Omit<Ticket, "rating">, random: Random): Rating | null {
  if (ticket.solvedAt === null || ticket.isOpenedByAgent || !random.chance(0.72)) return null;
  const hours = ((ticket.firstReplyAt ?? ticket.solvedAt) - ticket.at) / HOUR_MS;
  const good =
    0.94 - 0.075 * Math.log2(1 + hours / 5) - (HARD_TOPICS.has(ticket.topic) ? 0.12 : 0) - ticket.reopens * 0.18;
  const sentAt = ticket.solvedAt + DAY_MS;
  const isAnswered = random.chance(0.3);
  const isGood = random.chance(Math.max(0.12, good));
  const respondedAt = isAnswered ? wholeSecond(sentAt + random.exponential(20 * HOUR_MS)) : null;
  return { sentAt, respondedAt, isGood };
}

const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;
