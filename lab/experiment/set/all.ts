/** Every experiment, in the order in which they are best learned from. */
import type { Experiment } from "../experiment.ts";
import { apiServerLoss, istiodRestart } from "./api-server-loss.ts";
import { clusterLoss, clusterLossOutside } from "./cluster-loss.ts";
import { defaultMaxEjection, differentRoots, noLocality, noOutlierDetection } from "./controls.ts";
import { failBack } from "./fail-back.ts";
import { gatewayLoss, gatewayLossRemote, gatewayPodLoss } from "./gateway-loss.ts";
import { intermediateRotation } from "./intermediate-rotation.ts";
import { istiodLoss } from "./istiod-loss.ts";
import { nodeDrain } from "./node-drain.ts";
import { partition, partitionRemote } from "./partition.ts";
import { podKill } from "./pod-kill.ts";
import { podKillMost } from "./pod-kill-most.ts";
import { remoteSecretRotation } from "./remote-secret-rotation.ts";
import { rootRotation } from "./root-rotation.ts";
import { scaleToZero } from "./scale-to-zero.ts";
import { sickService } from "./sick-service.ts";
import { sidecarDrain } from "./sidecar-drain.ts";
import { slowService, stuckService } from "./slow-service.ts";
import { zoneLoss } from "./zone-loss.ts";

export const experiments: readonly Experiment[] = [
  podKill,
  podKillMost,
  scaleToZero,
  sidecarDrain,
  sickService,
  failBack,
  slowService,
  stuckService,
  istiodLoss,
  nodeDrain,
  zoneLoss,
  gatewayPodLoss,
  gatewayLoss,
  gatewayLossRemote,
  partition,
  partitionRemote,
  clusterLoss,
  clusterLossOutside,
  apiServerLoss,
  istiodRestart,
  remoteSecretRotation,
  intermediateRotation,
  rootRotation,
  noOutlierDetection,
  defaultMaxEjection,
  differentRoots,
  noLocality,
];
