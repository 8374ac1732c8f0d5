import { ACCOUNT_ID } from "./cloud.ts";
import { mostRecentVersion } from "./eks/addon.ts";
import { AwsError } from "./errors.ts";
import { zonesOf } from "./regions.ts";
import type { Zone } from "./regions.ts";
import type { Call, Props } from "./resource.ts";
import { getZone } from "./route53/zone.ts";

type Invoke = (args: Props, call: Call) => Props;

interface Filter {
  name: string;
  values: string[];
}

/** What DescribeAvailabilityZones knows of a zone; this account has opted in to no local zone, so there is none. */
const ZONE_FILTERS: Record<string, (zone: Zone, region: string) => string> = {
  "opt-in-status": () => "opt-in-not-required",
  "zone-type": () => "availability-zone",
  state: () => "available",
  "zone-name": ({ name }) => name,
  "zone-id": ({ id }) => id,
  "region-name": (_zone, region) => region,
  "group-name": (_zone, region) => region,
};

function getAvailabilityZones(args: Props, { region }: Call): Props {
  const {
    excludeNames = [],
    excludeZoneIds = [],
    filters = [],
  } = args as {
    excludeNames?: string[];
    excludeZoneIds?: string[];
    filters?: Filter[];
  };
  const passes = (zone: Zone) =>
    filters.every(({ name, values }) => {
      const property = ZONE_FILTERS[name];
      if (!property) throw new AwsError("InvalidParameterValue", `The filter '${name}' is invalid`);
      return values.includes(property(zone, region));
    });
  const zones = zonesOf(region)
    .filter(({ name, id }) => !excludeNames.includes(name) && !excludeZoneIds.includes(id))
    .filter((zone) => (args["state"] === undefined || args["state"] === "available") && passes(zone));
  const names = zones.map(({ name }) => name);
  return { ...args, id: region, region, groupNames: [region], names, zoneIds: zones.map(({ id }) => id) };
}

interface PolicyStatement {
  sid?: string;
  effect?: string;
  actions?: string[];
  resources?: string[];
  principals?: { type: string; identifiers: string[] }[];
  conditions?: { test: string; variable: string; values: string[] }[];
}

function getPolicyDocument(args: Props): Props {
  const statements = (args["statements"] ?? []) as PolicyStatement[];
  const document = { Version: args["version"] ?? "2012-10-17", Statement: statements.map(policyStatement) };
  const json = JSON.stringify(document, undefined, 2);
  return { ...args, id: "0", json, minifiedJson: JSON.stringify(document), version: document.Version };
}

function policyStatement(statement: PolicyStatement): Props {
  const one = (list: string[]) => (list.length === 1 ? list[0] : list);
  const { sid, effect = "Allow", actions, resources, principals = [], conditions = [] } = statement;
  const condition: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of conditions) (condition[test] ??= {})[variable] = one(values);
  return {
    ...(sid ? { Sid: sid } : {}),
    Effect: effect,
    ...(actions ? { Action: one(actions) } : {}),
    ...(resources ? { Resource: one(resources) } : {}),
    ...(principals.length > 0
      ? { Principal: Object.fromEntries(principals.map(({ type, identifiers }) => [type, one(identifiers)])) }
      : {}),
    ...(conditions.length > 0 ? { Condition: condition } : {}),
  };
}

/** Every function of the SDK that the local cloud answers, by token. */
export const INVOKES: ReadonlyMap<string, Invoke> = new Map<string, Invoke>([
  ["aws:index/getAvailabilityZones:getAvailabilityZones", getAvailabilityZones],
  [
    "aws:index/getPartition:getPartition",
    () => ({ id: "aws", partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" }),
  ],
  [
    "aws:index/getCallerIdentity:getCallerIdentity",
    (_args, { principalArn }) => ({
      id: ACCOUNT_ID,
      accountId: ACCOUNT_ID,
      arn: principalArn,
      userId: "AIDAISTIOLABEXAMPLE00",
    }),
  ],
  [
    "aws:index/getRegion:getRegion",
    (args, call) => {
      const region = (args["name"] as string | undefined) ?? call.region;
      zonesOf(region);
      return { id: region, name: region, region, description: region, endpoint: `ec2.${region}.amazonaws.com` };
    },
  ],
  [
    "aws:eks/getAddonVersion:getAddonVersion",
    (args, { region }) => {
      const { addonName = "", kubernetesVersion = "" } = args as Record<string, string>;
      return { ...args, id: addonName, region, version: mostRecentVersion(addonName, kubernetesVersion) };
    },
  ],
  ["aws:iam/getPolicyDocument:getPolicyDocument", getPolicyDocument],
  ["aws:route53/getZone:getZone", getZone],
]);
