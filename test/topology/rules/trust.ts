import type { LabConfig } from "../../../topology/schema.ts";
import { encrypted } from "../../../topology/trust.ts";
import type { RuleCases } from "./case.ts";

const pem = (name: string): string => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`;
const own: NonNullable<LabConfig["ca"]> = { rootCertificate: pem("one"), rootKey: encrypted };

export const trustCases: RuleCases = {
  "root-key-in-clear": {
    caught: { ca: { ...own, rootKey: "-----BEGIN EC PRIVATE KEY-----" } },
    at: "ca.rootKey",
    passes: { ca: own },
  },
  "own-root-incomplete": {
    caught: { ca: { rootCertificate: pem("one") } },
    at: "ca.rootCertificate",
    passes: { ca: own },
  },
  "own-root-certificates": {
    caught: { ca: { ...own, rootCertificate: pem("one") + pem("two") + pem("three") } },
    at: "ca.rootCertificate",
    passes: { ca: { ...own, rootCertificate: pem("one") + pem("two") } },
  },
  "own-root-shared": {
    caught: { ca: own, meshes: [{ name: "a" }, { name: "b" }] },
    at: "ca.rootCertificate",
    passes: { ca: own, meshes: [{ name: "a" }] },
  },
  "root-generations": { caught: { ca: { roots: [2, 2] } }, at: "ca.roots", passes: { ca: { roots: [2, 1] } } },
  "intermediate-lifetime": {
    caught: { ca: { rootDays: 60, intermediateDays: 61 } },
    at: "ca.intermediateDays",
    passes: { ca: { rootDays: 60, intermediateDays: 60 } },
  },
  "renewal-window": {
    caught: { ca: { intermediateDays: 10, renewBeforeDays: 11 } },
    at: "ca.renewBeforeDays",
    passes: { ca: { intermediateDays: 10, renewBeforeDays: 10 } },
  },
};
