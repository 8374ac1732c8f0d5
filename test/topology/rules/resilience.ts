import type { LabConfig } from "../../../topology/schema.ts";
import { two, type RuleCases } from "./case.ts";

const shares = [{ from: "us-east-1/*", to: { "us-east-1/*": 80, "us-west-2/*": 20 } }];

const sharesOf = (from: string, to: Record<string, number>): LabConfig => ({
  ...two,
  failover: { enabled: false, distribute: [{ from, to }] },
});

export const resilienceCases: RuleCases = {
  "ha-one-replica": {
    caught: { controlPlane: { ha: true, replicas: 1 } },
    at: "controlPlane.replicas",
    passes: { controlPlane: { ha: true, replicas: 2 } },
  },
  "no-replicas": {
    caught: { gateways: { replicas: 0 } },
    at: "gateways.replicas",
    passes: { gateways: { replicas: 1 } },
  },
  "failover-without-outlier-detection": {
    caught: { ...two, failover: { outlierDetection: false } },
    at: "failover.outlierDetection",
    passes: { ...two, failover: { enabled: false, outlierDetection: false } },
  },
  "failover-never-ejects": {
    caught: { ...two, failover: { outlierDetection: { maxEjectionPercent: 10 } } },
    at: "failover.outlierDetection.maxEjectionPercent",
    passes: { ...two, failover: { outlierDetection: { maxEjectionPercent: 100 } } },
  },
  "failover-with-distribute": {
    caught: { ...two, failover: { distribute: shares } },
    at: "failover.distribute",
    passes: { ...two, failover: { enabled: false, distribute: shares } },
  },
  "distribute-sum": {
    caught: { ...two, failover: { enabled: false, distribute: [{ from: "us-east-1/*", to: { "us-west-2/*": 90 } }] } },
    at: "failover.distribute[0].to",
    passes: { ...two, failover: { enabled: false, distribute: shares } },
  },
  "distribute-nothing": {
    caught: sharesOf("us-east-1/*", { "us-east-1/*": 100, "us-west-2/*": 0 }),
    at: "failover.distribute[0].to",
    passes: sharesOf("us-east-1/*", { "us-east-1/*": 100 }),
  },
  "distribute-unknown-region": {
    caught: sharesOf("us-east-1/*", { "us-east-1/*": 50, "eu-west-1/*": 50 }),
    at: "failover.distribute[0].to",
    passes: sharesOf("us-east-1/*", { "us-east-1/*": 50, "us-west-2/us-west-2a/*": 50 }),
  },
  "distribute-overlap": {
    caught: sharesOf("us-east-1/*", { "us-west-2/*": 50, "us-west-2/us-west-2a/*": 50 }),
    at: "failover.distribute[0].to",
    passes: sharesOf("us-east-1/*", { "us-west-2/us-west-2b/*": 50, "us-west-2/us-west-2a/*": 50 }),
  },
  "zero-timeout": {
    caught: { ...two, failover: { connectTimeout: "0.0s" } },
    at: "failover.connectTimeout",
    passes: { ...two, failover: { connectTimeout: "0.5s" } },
  },
  "failover-unknown-region": {
    caught: { ...two, failover: { regions: [{ from: "us-east-1", to: "eu-west-1" }] } },
    at: "failover.regions[0].to",
    passes: { ...two, failover: { regions: [{ from: "us-east-1", to: "us-west-2" }] } },
  },
  "failover-to-itself": {
    caught: { ...two, failover: { regions: [{ from: "us-east-1", to: "us-east-1" }] } },
    at: "failover.regions[0].to",
    passes: { ...two, failover: { regions: [{ from: "us-west-2", to: "us-east-1" }] } },
  },
};
