// Made-up buyers and addresses. Everything is fictional: example.com and example.net mail, 555 numbers, invented streets.
import { Random, STREAM } from "./random.ts";
import type { Market } from "./markets.ts";
import type { Customer } from "./simulate/types.ts";

export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly fullName: string;
  readonly email: string;
  readonly phone: string;
  readonly street: string;
  readonly city: string;
  readonly zip: string;
  readonly province: string;
}

const REPLACED: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };

let last: { readonly number: number; readonly person: Person } | null = null;

/** The person behind a customer number: always the same one. */
export function personOf(customer: Pick<Customer, "number" | "market">): Person {
  // One order's rows ask for the same person several times in a row.
  if (last?.number !== customer.number) last = { number: customer.number, person: makeUp(customer) };
  return last.person;
}

function makeUp({ market, number }: Pick<Customer, "number" | "market">): Person {
  const random = new Random(STREAM.customer, number);
  const firstName = random.pick(market.firstNames);
  const lastName = random.pick(market.lastNames);
  const isAsian = market.code === "JP" || market.code === "CN";
  const local = isAsian ? `user${number}` : `${plain(firstName)}.${plain(lastName)}${number}`;
  const [city, zip, province] = random.pick(market.cities);
  return {
    firstName,
    lastName,
    fullName: isAsian ? `${lastName}${firstName}` : `${firstName} ${lastName}`,
    email: `${local}@${random.chance(0.7) ? "example.com" : "example.net"}`,
    phone: phoneOf(market, random),
    street: streetOf(market, random),
    city,
    zip,
    province,
  };
}

function streetOf(market: Market, random: Random): string {
  const street = random.pick(market.streets);
  const number = 1 + random.int(140);
  if (market.code === "JP" || market.code === "CN") return street;
  return market.code === "DE" || market.code === "ES" ? `${street} ${number}` : `${number} ${street}`;
}

function phoneOf(market: Market, random: Random): string {
  return market.phone.replaceAll("#", () => String(random.int(10)));
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[äöüß]/g, (letter) => REPLACED[letter] ?? letter)
    .normalize("NFD")
    .replaceAll(/[^a-z]/g, "");
}
