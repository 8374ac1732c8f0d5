/** For each policy that is not a law of the house: the multi stack with one mistake in it, and the same one mended. */
import type { Twin } from "./mistakes.ts";
import { cisTwins } from "./twins-cis.ts";
import { istioTwins } from "./twins-istio.ts";
import { labTwins } from "./twins-lab.ts";

export const twins: Readonly<Record<string, readonly Twin[]>> = { ...cisTwins, ...istioTwins, ...labTwins };
