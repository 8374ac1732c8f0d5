/** What each law must catch, in files named as those of the laws. */
import { twins as destroy } from "./destroy.ts";
import { twins as federation } from "./federation.ts";
import { twins as globalIngress } from "./global-ingress.ts";
import { twins as links } from "./links.ts";
import { twins as order } from "./order.ts";
import { twins as closed } from "./private.ts";
import { twins as providers } from "./providers.ts";
import { twins as revisions } from "./revisions.ts";
import { twins as safety } from "./safety.ts";
import { twins as tree } from "./tree.ts";
import type { Twin } from "./twin.ts";

export const twins: Readonly<Record<string, readonly Twin[]>> = {
  ...destroy,
  ...federation,
  ...globalIngress,
  ...links,
  ...order,
  ...closed,
  ...providers,
  ...revisions,
  ...safety,
  ...tree,
};
