// German phrases.
import type { LanguagePack } from "./language-pack.ts";

export const german: LanguagePack = {
  greetings: ["Hallo,", "Guten Tag,", "Sehr geehrte Damen und Herren,", "Liebes Team,", "Moin,"],
  asks: [
    "Bitte um schnelle Rückmeldung.",
    "Ich hätte gern Ersatz oder mein Geld zurück.",
    "Wie gehen wir jetzt vor?",
    "Können Sie das bitte prüfen?",
    "Fotos kann ich gern schicken.",
    "Ich bitte um eine Lösung noch diese Woche.",
  ],
  closings: ["Viele Grüße", "Mit freundlichen Grüßen", "Danke im Voraus", "Beste Grüße", "Vielen Dank"],
  contacts: [
    "Sie erreichen mich unter {phone}.",
    "Bitte antworten Sie an {email}.",
    "Telefon {phone}, E-Mail {email}.",
  ],
  faults: {
    earbuds: [
      "lädt der rechte Ohrhörer nicht mehr",
      "fällt links ständig der Ton aus",
      "schließt das Etui nicht richtig",
    ],
    watch: ["ist der Akku nach vier Stunden leer", "bleibt das Display schwarz", "hat sich das Armband gelöst"],
    dress: [
      "ist die Naht unter dem Arm aufgegangen",
      "klemmt der Reißverschluss",
      "hat die Farbe beim ersten Waschen abgefärbt",
    ],
    sneakers: ["löst sich die Sohle", "ist die Naht vorn aufgegangen", "rutscht die Einlegesohle heraus"],
    kitchen: ["ist die Dichtung undicht", "geht das Gerät nach Sekunden aus", "riecht es verbrannt"],
    toy: ["sind zwei Teile gesprungen", "reagiert die Fernsteuerung nicht", "fallen die Magnete heraus"],
    lamp: ["flackert das Licht dauernd", "wird der Schalter heiß", "lässt sie sich nicht einschalten"],
    bag: ["ist der Reißverschluss kaputt", "ist ein Gurt abgerissen", "ist das Futter eingerissen"],
  },
  topics: {
    late_delivery: {
      subjects: ["Wo bleibt meine Bestellung {order}?", "Paket immer noch nicht da", "Sendungsverfolgung steht still"],
      bodies: [
        "ich habe vor {days} Tagen bestellt und das Paket ist immer noch nicht da. Die Sendungsverfolgung steht seit Tagen.",
        "wo ist Bestellung {order}? Sie sollte letzte Woche ankommen.",
        "der Liefertermin für {product} ist vorbei, und niemand weiß, wo das Paket ist.",
        "laut Sendungsverfolgung ist seit Montag nichts passiert.",
      ],
    },
    never_arrived: {
      subjects: ["Bestellung {order} nie angekommen", "Paket verloren?"],
      bodies: [
        "nach {days} Tagen ist die Bestellung {order} noch immer nicht angekommen. Ich glaube, sie ist verloren.",
        "der Paketdienst sagt, die Sendung mit {product} sei nicht mehr auffindbar.",
        "es kam nie etwas an: keine Karte, kein Nachbar, kein Paket.",
      ],
    },
    quality_defect: {
      subjects: ["{product} ist defekt", "Reklamation zu {order}", "Funktioniert nicht mehr"],
      bodies: [
        "ich nutze {product} erst seit ein paar Tagen, und jetzt {fault}.",
        "bei {product} {fault}. Da hätte ich mehr erwartet.",
        "eine Woche war alles gut, dann {fault}. Heruntergefallen ist nichts.",
        "mit {product} stimmt etwas nicht: leider {fault}.",
      ],
    },
    size_too_small: {
      subjects: ["Zu klein", "Fällt sehr klein aus, {order}"],
      bodies: [
        "ich habe meine übliche Größe bestellt, aber {product} ist viel zu klein.",
        "{product} fällt mindestens eine Größe kleiner aus als in der Tabelle.",
        "ich habe nach Größentabelle bestellt, trotzdem ist {product} zu eng.",
      ],
    },
    size_too_large: {
      subjects: ["Zu groß", "Bitte eine Nummer kleiner"],
      bodies: [
        "{product} ist mir zu groß. Geht ein Umtausch in eine Größe kleiner?",
        "das fällt sehr groß aus, ich versinke darin.",
        "{product} ist viel weiter als gedacht.",
      ],
    },
    poor_fit: {
      subjects: ["Passt nicht gut", "Frage zur Passform"],
      bodies: [
        "die Größe von {product} stimmt, aber der Schnitt passt mir gar nicht.",
        "an einer Stelle zu eng, an der anderen zu weit.",
        "{product} sitzt merkwürdig, ich möchte es zurückgeben.",
      ],
    },
    not_as_described: {
      subjects: ["Nicht wie beschrieben", "Anders als auf den Bildern"],
      bodies: [
        "{product} sieht ganz anders aus als auf Ihren Bildern.",
        "in der Beschreibung stehen Funktionen, die {product} nicht hat.",
        "das Material ist nicht das aus der Anzeige.",
      ],
    },
    style_colour: {
      subjects: ["Farbe weicht ab", "Gefällt mir doch nicht"],
      bodies: [
        "die Farbe von {product} ist viel dunkler als auf dem Foto.",
        "{product} gefällt mir in Wirklichkeit nicht.",
        "bei Tageslicht hat die Farbe nichts mit der gewählten zu tun.",
      ],
    },
    damaged_in_transit: {
      subjects: ["Beschädigt angekommen", "Bruch bei Lieferung {order}"],
      bodies: [
        "der Karton war eingedrückt und {product} kam zerbrochen an.",
        "beim Öffnen lag {product} in Scherben. Es gab kaum Polster.",
        "das Paket war nass und verbeult, {product} hat Risse.",
      ],
    },
    wrong_item: {
      subjects: ["Falscher Artikel", "Das habe ich nicht bestellt"],
      bodies: [
        "bestellt war {product}, bekommen habe ich etwas ganz anderes.",
        "Sie haben die falsche Farbe und das falsche Modell geschickt.",
        "auf dem Etikett steht {product}, drin ist ein anderes Produkt.",
      ],
    },
    missing_parts: {
      subjects: ["Teile fehlen", "Unvollständige Lieferung"],
      bodies: [
        "in der Packung von {product} fehlte das Kabel.",
        "{product} kam ohne Schrauben und ohne Anleitung.",
        "ich habe zweimal gezählt: Bei {product} fehlen Teile.",
      ],
    },
    changed_mind: {
      subjects: ["Widerruf", "Rücksendung / Storno {order}"],
      bodies: [
        "ich brauche {product} nicht mehr und möchte es zurückgeben.",
        "bitte stornieren Sie Bestellung {order}, sie war ein Versehen.",
        "ich habe inzwischen etwas anderes gefunden. Wie schicke ich {product} zurück?",
      ],
    },
    usage_question: {
      subjects: ["Wie funktioniert das?", "Frage zu {product}"],
      bodies: [
        "wie verbinde ich {product} mit dem Handy? Es taucht nicht in der Liste auf.",
        "die Anleitung von {product} ist sehr knapp. Wie setze ich das Gerät zurück?",
        "wie lange muss man {product} beim ersten Mal laden?",
        "darf man {product} mit Wasser reinigen?",
      ],
    },
    customs_tax: {
      subjects: ["Zollgebühr?", "Einfuhrabgaben"],
      bodies: [
        "der Paketdienst verlangt Zoll für Bestellung {order}. Laut Ihrer Seite ist alles enthalten.",
        "an der Tür sollte ich Einfuhrgebühren zahlen. Wer trägt die?",
        "mein Paket liegt beim Zoll, man will eine Rechnung sehen. Können Sie eine schicken?",
      ],
    },
    unclear_policy: {
      subjects: ["Wie läuft die Rückgabe?", "Wer zahlt das Rücksendeetikett?"],
      bodies: [
        "auf Ihrer Seite finde ich nicht, wer die Rücksendung bezahlt.",
        "sind es 14 oder 30 Tage? In den Bedingungen steht beides.",
        "an welche Adresse geht die Rücksendung? Es sind drei genannt.",
      ],
    },
    slow_service: {
      subjects: ["Immer noch keine Antwort", "Zweite Nachricht zu {order}"],
      bodies: [
        "ich habe vor Tagen geschrieben und keine Antwort bekommen.",
        "das ist meine zweite Nachricht. Liest das jemand?",
        "seit letzter Woche warte ich auf eine Antwort, das dauert viel zu lange.",
      ],
    },
    other: {
      subjects: ["Frage", "Rechnung zu {order}", "Neue Adresse"],
      bodies: [
        "könnten Sie mir eine Rechnung auf meine Firma ausstellen?",
        "ich bin umgezogen, lässt sich die Adresse von {order} noch ändern?",
        "der Gutscheincode hat an der Kasse nicht funktioniert.",
      ],
    },
  },
  comments: {
    quality_defect: ["Nach einer Woche {fault}.", "Defekt: leider {fault}", "schlechte Qualität, nun {fault}"],
    size_too_small: ["fällt viel zu klein aus", "zu eng", "Größentabelle stimmt nicht, zu klein"],
    size_too_large: ["zu groß", "fällt sehr weit aus"],
    poor_fit: ["komischer Schnitt", "sitzt an den Schultern nicht"],
    not_as_described: ["nicht wie auf den Bildern", 'angeblich "wasserdicht", stimmt nicht'],
    style_colour: ["Farbe ganz anders", "wirkt billig"],
    damaged_in_transit: ["Karton zerdrückt, Ware kaputt", "Glas zerbrochen, keine Polsterung", "kam in Scherben an"],
    wrong_item: ["falsches Modell", "falsche Farbe geliefert"],
    missing_parts: ["Ladekabel fehlt", "Schrauben fehlten"],
    changed_mind: ["nicht mehr benötigt", "aus Versehen bestellt", "anderswo günstiger"],
    late_delivery: ["kam zu spät zum Geburtstag", "zwei Wochen zu spät"],
  },
  good: ["Schnell und freundlich, danke!", "Mit einer Mail erledigt.", "Tolle Hilfe", "Sehr nett", "Alles bestens"],
  bad: [
    "Hat viel zu lange gedauert.",
    "Nur Textbausteine.",
    "Immer noch nicht gelöst",
    "Musste dreimal nachfragen",
    "Nicht hilfreich",
  ],
};
