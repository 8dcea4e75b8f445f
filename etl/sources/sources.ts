// The registered sources. Adding one: its folder, its staging models, a line here.
import { aftership } from "./aftership/aftership.ts";
import { amazonFbaReturns } from "./amazon_fba_returns/amazon-fba-returns.ts";
import { amazonOrders } from "./amazon_orders/amazon-orders.ts";
import { shopify } from "./shopify/shopify.ts";
import type { Source } from "./source.ts";
import { zendesk } from "./zendesk/zendesk.ts";

export const SOURCES: readonly Source[] = [zendesk, shopify, amazonFbaReturns, amazonOrders, aftership];
