import type { Cloud } from "../cloud.ts";
import { AwsError } from "../errors.ts";
import { GLOBAL } from "../resource.ts";
import type { Props, ResourceType } from "../resource.ts";
import { UNKNOWN } from "../validate.ts";
import { DnsRecordSet, EndpointCheck } from "./kinds.ts";
import type { RecordState } from "./kinds.ts";
import { fullName, zoneById } from "./zone.ts";

type RecordInputs = Omit<RecordState, "fqdn">;

/** What the local cloud does not imitate. */
const absent = [
  ...["aliases", "allowOverwrite", "cidrRoutingPolicy", "failoverRoutingPolicies", "geolocationRoutingPolicies"],
  ...["geoproximityRoutingPolicy", "latencyRoutingPolicies", "multivalueAnswerRoutingPolicy"],
];

/** A CNAME, alone or as one of several weighted ones. */
export const record: ResourceType<RecordInputs, RecordState> = {
  kind: DnsRecordSet,
  global: true,
  replaceOn: ["name", "zoneId"],
  check(inputs, refuse) {
    for (const name of absent) if (inputs[name] !== undefined) refuse(name, `${name} is not part of the local cloud`);
    const { type, records, ttl, setIdentifier, weightedRoutingPolicies: weighted } = inputs;
    if (type !== "CNAME" && type !== UNKNOWN)
      refuse("type", `records of type ${String(type)} are not part of the local cloud`);
    if (records === undefined) refuse("records", `one of \`alias,records\` must be specified`);
    if (ttl === undefined) refuse("ttl", "InvalidInput: Invalid request: Missing field 'TTL'");
    if (Array.isArray(records) && records.length !== 1) refuse("records", "a CNAME record has exactly one value");
    if (weighted !== undefined && setIdentifier === undefined)
      refuse(
        "weightedRoutingPolicies",
        `"weighted_routing_policy": all of \`set_identifier,weighted_routing_policy\` must be specified`,
      );
    if (weighted === undefined && setIdentifier !== undefined)
      refuse(
        "setIdentifier",
        "InvalidInput: Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer, " +
          "CidrRoutingConfig, or GeoProximityLocation], but found none",
      );
    checkWeight(weighted, refuse);
  },
  create(cloud, inputs) {
    const { zoneId, name, type, setIdentifier } = inputs;
    const id = [zoneId, name.toLowerCase(), type, ...(setIdentifier === undefined ? [] : [setIdentifier])].join("_");
    return cloud.add(DnsRecordSet, { id, region: GLOBAL, state: stateOf(cloud, inputs) });
  },
  update(cloud, { id }, inputs) {
    return stateOf(cloud, inputs, id);
  },
};

function checkWeight(weighted: unknown, refuse: (property: string, reason: string) => void): void {
  if (!Array.isArray(weighted)) return;
  const [policy] = weighted as Props[];
  if (weighted.length > 1) refuse("weightedRoutingPolicies", "Too many list items: no more than 1 item is supported");
  const weight = policy?.["weight"];
  if (typeof weight === "number" && (weight < 0 || weight > 255))
    refuse("weightedRoutingPolicies", `InvalidInput: the weight ${weight} is not between 0 and 255`);
}

/** The record as Route 53 takes it, or its refusal. `own` is the record that is changed. */
function stateOf(cloud: Cloud, inputs: RecordInputs, own?: string): RecordState {
  const zone = zoneById(inputs.zoneId);
  const fqdn = fullName(inputs.name, zone);
  if (fqdn === zone.name)
    throw invalid(`RRSet of type CNAME with DNS name ${fqdn}. is not permitted at apex in zone ${zone.name}.`);
  const others = cloud.all(DnsRecordSet).filter(({ id, state }) => id !== own && state.fqdn === fqdn);
  const set = inputs.setIdentifier;
  if (others.some(({ state }) => state.setIdentifier === set)) {
    const named = set === undefined ? "" : `, set identifier='${set}'`;
    throw invalid(
      `Tried to create resource record set [name='${fqdn}.', type='${inputs.type}'${named}] but it already exists`,
    );
  }
  if (others.some(({ state }) => (state.setIdentifier === undefined) !== (set === undefined)))
    throw invalid(
      `RRSet with DNS name ${fqdn}., type ${inputs.type}, SetIdentifier ${set ?? "null"} cannot be created as other RRSets exist with the same name and type.`,
    );
  if (inputs.healthCheckId !== undefined && !cloud.find(EndpointCheck, GLOBAL, inputs.healthCheckId))
    throw new AwsError("NoSuchHealthCheck", `No health check exists with the ID ${inputs.healthCheckId}`);
  return { ...inputs, fqdn };
}

const invalid = (message: string): AwsError => new AwsError("InvalidChangeBatch", `[${message}]`);
