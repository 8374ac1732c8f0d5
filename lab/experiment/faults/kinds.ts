/** Every kind of fault by its name, so that one that is read from a journal finds its code. */
import type { Json } from "../platforms/platform.ts";
import { answerKind, type AnswerFault } from "./answer.ts";
import { configKind, type ConfigFault } from "./config.ts";
import { cutFromKind, cutKind, type CutFault, type CutFromFault } from "./cut.ts";
import { drainListenersKind, type DrainListenersFault } from "./drain-listeners.ts";
import { drainNodeKind, type DrainNodeFault } from "./drain-node.ts";
import type { Fault, FaultKind } from "./fault.ts";
import { killKind, type KillFault } from "./kill.ts";
import { ownRootKind, type OwnRootFault } from "./own-root.ts";
import { policyKind, type PolicyFault } from "./policy.ts";
import { scaleKind, type ScaleFault } from "./scale.ts";

export type AnyFault =
  | AnswerFault
  | ConfigFault
  | CutFault
  | CutFromFault
  | DrainListenersFault
  | DrainNodeFault
  | KillFault
  | OwnRootFault
  | PolicyFault
  | ScaleFault;

const kinds = {
  answer: answerKind,
  config: configKind,
  cut: cutKind,
  "cut-from": cutFromKind,
  "drain-listeners": drainListenersKind,
  "drain-node": drainNodeKind,
  kill: killKind,
  "own-root": ownRootKind,
  policy: policyKind,
  scale: scaleKind,
};

/** The code of a fault, whose `found` is what it returned itself. */
export const kindOf = ({ kind }: AnyFault): FaultKind<Fault, Json> => kinds[kind];
