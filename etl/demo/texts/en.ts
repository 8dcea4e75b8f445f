// English phrases.
import type { LanguagePack } from "./language-pack.ts";

export const english: LanguagePack = {
  greetings: ["Hi,", "Hello,", "Hi there,", "Dear customer service,", "Good morning,"],
  asks: [
    "Please let me know what you can do.",
    "I would like a replacement or my money back.",
    "How do we go on from here?",
    "Please answer soon.",
    "Could you look into this today?",
    "I can send photos if you need them.",
  ],
  closings: ["Thanks", "Best regards", "Kind regards", "Thank you for your help", "Cheers"],
  contacts: [
    "You can reach me at {phone}.",
    "Please write to {email}, I rarely log in to the shop.",
    "Call me on {phone} or mail {email}.",
  ],
  faults: {
    earbuds: ["the right earbud no longer charges", "the left side keeps cutting out", "the case won't close properly"],
    watch: ["the battery is empty after four hours", "the screen stays black", "the strap came off"],
    dress: ["the seam under the arm came open", "the zip is stuck", "the colour ran in the first wash"],
    sneakers: ["the sole is coming off", "the stitching at the toe opened", "the insole slips out"],
    kitchen: ["the seal leaks", "it stops after a few seconds", "it smells burnt"],
    toy: ["two pieces cracked", "the remote does not respond", "the magnets fall out"],
    lamp: ["it flickers all the time", "the switch gets hot", "it won't turn on"],
    bag: ["the zip broke", "a strap tore off", "the lining is ripped"],
  },
  topics: {
    late_delivery: {
      subjects: ["Where is my order {order}?", "Parcel still not here", "Tracking hasn't moved"],
      bodies: [
        "I ordered {days} days ago and the parcel still isn't here. The tracking has not changed for days.",
        "Where is order {order}? It was supposed to arrive last week.",
        "The delivery date for {product} has passed and nobody can tell me where the parcel is.",
        "Just checking on my order, the tracking page shows the same line since Monday.",
      ],
    },
    never_arrived: {
      subjects: ["Order {order} never arrived", "Lost parcel?"],
      bodies: [
        "After {days} days my order {order} has still not arrived. I think it is lost.",
        "The carrier told me that the parcel with {product} cannot be found any more.",
        "Nothing ever arrived. No card, no neighbour, no parcel.",
      ],
    },
    quality_defect: {
      subjects: ["{product} is broken", "Defective item in order {order}", "Stopped working"],
      bodies: [
        "I have used {product} for a few days and now {fault}.",
        "Sadly {fault}. I expected better from {product}.",
        "{product} was fine for a week, then {fault}. Nothing was dropped or got wet.",
        "Something is wrong with {product}: {fault}.",
      ],
    },
    size_too_small: {
      subjects: ["Too small", "Size runs small, order {order}"],
      bodies: [
        "I took my usual size, but {product} is far too small.",
        "{product} is at least one size smaller than your chart says.",
        "I measured twice and followed the size chart, still {product} is too tight.",
      ],
    },
    size_too_large: {
      subjects: ["Too big", "Need a smaller size"],
      bodies: [
        "{product} is too big for me, could I have one size smaller?",
        "The size runs large, I am swimming in it.",
        "{product} turned out much wider than expected.",
      ],
    },
    poor_fit: {
      subjects: ["It doesn't fit well", "Question about the fit"],
      bodies: [
        "{product} has the right size but the cut does not fit me at all.",
        "It is too tight in one place and too loose in another.",
        "The fit of {product} is odd, I would like to send it back.",
      ],
    },
    not_as_described: {
      subjects: ["Not what was described", "Different from the pictures"],
      bodies: [
        "{product} looks quite different from the pictures on your page.",
        "The description promises functions that {product} does not have.",
        "The material is not what the listing says.",
      ],
    },
    style_colour: {
      subjects: ["Colour is different", "Not my style after all"],
      bodies: [
        "The colour of {product} is much darker than on the photo.",
        "I don't like how {product} looks in real life.",
        "In daylight the colour is nothing like the one I chose.",
      ],
    },
    damaged_in_transit: {
      subjects: ["Arrived damaged", "Broken on arrival, order {order}"],
      bodies: [
        "The box was crushed and {product} arrived broken.",
        "I opened the parcel and found {product} in pieces. There was hardly any padding.",
        "The carton was wet and dented, {product} has cracks.",
      ],
    },
    wrong_item: {
      subjects: ["Wrong item received", "That's not what I ordered"],
      bodies: [
        "I ordered {product} and got something else entirely.",
        "You sent the wrong colour and the wrong model.",
        "The label says {product}, but there is another product in the box.",
      ],
    },
    missing_parts: {
      subjects: ["Parts missing", "Incomplete delivery"],
      bodies: [
        "The cable was missing from the box of {product}.",
        "{product} came without the screws and the manual.",
        "I counted twice: parts of {product} are missing.",
      ],
    },
    changed_mind: {
      subjects: ["Please cancel / return", "I'd like to send it back"],
      bodies: [
        "I no longer need {product} and would like to return it.",
        "Please cancel order {order}, I ordered by mistake.",
        "I found something else in the meantime. How can I send {product} back?",
      ],
    },
    usage_question: {
      subjects: ["How does it work?", "Question about {product}"],
      bodies: [
        "How do I connect {product} to my phone? It does not show up in the list.",
        "The manual of {product} is very short. How do I reset it?",
        "How long should {product} be charged the first time?",
        "Can I clean {product} with water?",
      ],
    },
    customs_tax: {
      subjects: ["Customs fee?", "Asked to pay import tax"],
      bodies: [
        "The carrier wants me to pay customs for order {order}. Your page says all taxes are included.",
        "I was asked to pay an import fee at the door. Who pays for that?",
        "My parcel is held at customs and they want a bill. Can you send one?",
      ],
    },
    unclear_policy: {
      subjects: ["How do returns work?", "Who pays the return label?"],
      bodies: [
        "I cannot find out on your page who pays for the return.",
        "Is it 14 or 30 days? Your return policy says both.",
        "To which address do I send a return? The page names three.",
      ],
    },
    slow_service: {
      subjects: ["Still no answer", "Second message about order {order}"],
      bodies: [
        "I wrote to you days ago and nobody answered.",
        "This is my second message. Does anybody read these?",
        "I am waiting for an answer since last week, this is very slow.",
      ],
    },
    other: {
      subjects: ["Question", "Invoice for order {order}", "Change of address"],
      bodies: [
        "Could you send me an invoice with my company's name?",
        "I moved house, can the address of order {order} still be changed?",
        "The coupon code did not work at checkout.",
      ],
    },
  },
  comments: {
    quality_defect: ["After a week {fault}.", "Defective: {fault}", "poor quality, {fault}"],
    size_too_small: ["Runs small, order one size up", "way too tight", "size chart is wrong, too small"],
    size_too_large: ["too big", "runs large, two sizes at least"],
    poor_fit: ["strange cut", "does not sit right at the shoulders"],
    not_as_described: ["not like the pictures", 'said "waterproof", it is not'],
    style_colour: ["colour is different", "looks cheap in real life"],
    damaged_in_transit: ["box crushed, item broken", "arrived in pieces", "glass broken, no padding"],
    wrong_item: ["got another model", "wrong colour sent"],
    missing_parts: ["charging cable missing", "no screws in the box"],
    changed_mind: ["no longer needed", "bought by mistake", "found it cheaper"],
    late_delivery: ["came too late for the birthday", "arrived two weeks late"],
  },
  good: ["Fast and friendly, thank you!", "Solved in one mail.", "Great help", "Very kind agent", "All good now"],
  bad: ["Took far too long.", "Copy and paste answers.", "Still not solved", "I had to ask three times", "Not helpful"],
};
