/** Every law by its name. */
import * as destroy from "./destroy.ts";
import * as federation from "./federation.ts";
import * as globalIngress from "./global-ingress.ts";
import type { Law } from "./law.ts";
import * as links from "./links.ts";
import * as order from "./order.ts";
import * as closed from "./private.ts";
import * as providers from "./providers.ts";
import * as revisions from "./revisions.ts";
import * as safety from "./safety.ts";
import * as tree from "./tree.ts";

export const laws: Readonly<Record<string, Law>> = {
  ...tree,
  ...providers,
  ...order,
  ...destroy,
  ...federation,
  ...links,
  ...revisions,
  ...globalIngress,
  ...closed,
  ...safety,
};
