/** Where the pages of docs/experiments are, what they consist of, and what the code says of their experiments. */
import type { Experiment, Scene } from "../../lab/experiment/experiment.ts";
import { sceneOf, type NodeZone } from "../../lab/experiment/run/scene.ts";
import { experiments } from "../../lab/experiment/set/all.ts";
import { expectedMarkdown, listMarkdown } from "../../lab/experiment/show/page.ts";
import { fakeLab } from "../lab/experiment/fake-lab.ts";

/** A part of a page that is written by a program, between two comments. */
export interface Part {
  readonly open: string;
  readonly close: string;
}

const part = (name: string, of = ""): Part => ({ open: `<!-- ${name}${of} -->`, close: `<!-- /${name} -->` });

/** What must hold, from the code. */
export const expectedPart = (experiment: string): Part => part("expected", ` ${experiment}`);
/** What was measured, from a result. */
export const measuredPart = (experiment: string): Part => part("measured", ` ${experiment}`);
/** The table of all experiments, in their README. */
export const listPart: Part = part("experiments");

export const unmeasured = "Not measured yet.";

/**
 * What stands in a part.
 * @throws Error where the page does not have its two comments, once each and in this order
 */
export const textIn = (page: string, which: Part): string => split(page, which)[1].trim();

/**
 * The page with something else in a part.
 * @throws Error as `textIn`
 */
export function withText(page: string, which: Part, text: string): string {
  const [before, , after] = split(page, which);
  return `${before}${which.open}\n\n${text}\n\n${which.close}${after}`;
}

function split(page: string, { open, close }: Part): readonly [string, string, string] {
  const [before, rest, ...more] = page.split(open);
  const [inside, after, ...others] = (rest ?? "").split(close);
  if (before === undefined || inside === undefined || after === undefined || more.length + others.length > 0)
    throw new Error(`The page must have one line ${open} and one line ${close} after it.`);
  return [before, inside, after];
}

/** The stack on which a page runs its experiment. */
export const stackOf = ({ needs }: Experiment): string => (needs?.globalIngress ? "global-ingress" : "multi");

const nodes: NodeZone[] = ["east", "west"].flatMap((cluster) =>
  ["a", "b"].map((zone) => ({ cluster, node: `node-${zone}`, zone: `${cluster}-${zone}` })),
);

const sceneFor = (experiment: Experiment): Scene => sceneOf(fakeLab({}, stackOf(experiment)), nodes);

/** What has to stand in the part `expectedPart`, as it is before it is formatted. */
export const expectedText = (experiment: Experiment): string =>
  expectedMarkdown(experiment.expect(sceneFor(experiment)));

/**
 * What has to stand in the part `listPart`, as it is before it is formatted.
 * @param page an experiment's, by its name
 */
export function listText(page: (experiment: string) => string): string {
  return listMarkdown(experiments, (name) => verdictIn(textIn(page(name), measuredPart(name))));
}

/** The verdict, with which a measured part begins, in small letters. */
function verdictIn(measured: string): string {
  const [, verdict] = /^\*\*(.+?)\.\*\*/.exec(measured) ?? [];
  return verdict?.toLowerCase() ?? "not yet";
}
