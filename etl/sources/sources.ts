// The registered sources. Adding one: its folder, its staging models, a line here.
import { aftership } from "./aftership/aftership.ts";
import { amazonFbaReturns } from "./amazon_fba_returns/amazon-fba-returns.ts";
import { amazonMfnReturns } from "./amazon_mfn_returns/amazon-mfn-returns.ts";
import { amazonOrders } from "./amazon_orders/amazon-orders.ts";
import { easypost } from "./easypost/easypost.ts";
import { freshdesk } from "./freshdesk/freshdesk.ts";
import { gorgias } from "./gorgias/gorgias.ts";
import { loop } from "./loop/loop.ts";
import { seventeentrack } from "./seventeentrack/seventeentrack.ts";
import { shopify } from "./shopify/shopify.ts";
import { shopifyReturns } from "./shopify_returns/shopify-returns.ts";
import type { Source } from "./source.ts";
import { zendesk } from "./zendesk/zendesk.ts";

export const SOURCES: readonly Source[] = [
  zendesk,
  gorgias,
  freshdesk,
  shopify,
  shopifyReturns,
  amazonFbaReturns,
  amazonMfnReturns,
  amazonOrders,
  loop,
  aftership,
  seventeentrack,
  easypost,
];
