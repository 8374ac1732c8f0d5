import { randomUUID } from "node:crypto";
import type { Cloud } from "../cloud.ts";
import type { LedgerEndpointHealth } from "../controller.ts";
import { AwsError } from "../errors.ts";
import { GLOBAL } from "../resource.ts";
import type { Props, ResourceType } from "../resource.ts";
import { EndpointCheck } from "./kinds.ts";
import type { HealthCheckState } from "./kinds.ts";

type HealthCheckInputs = Partial<HealthCheckState> & Pick<HealthCheckState, "type">;

/** What the local cloud does not imitate. */
const absent = [
  ...["childHealthThreshold", "childHealthchecks", "cloudwatchAlarmName", "cloudwatchAlarmRegion", "enableSni"],
  ...["insufficientDataHealthStatus", "invertHealthcheck", "ipAddress", "regions", "routingControlArn", "searchString"],
];

/** What AWS fills in. https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html */
const defaults = { port: 80, resourcePath: "/", requestInterval: 30, failureThreshold: 3 };

/** Requests to a host over HTTP. Whatever records use it, it can be deleted: they count as healthy then. */
export const healthCheck: ResourceType<HealthCheckInputs, HealthCheckState> = {
  kind: EndpointCheck,
  global: true,
  replaceOn: ["measureLatency", "referenceName", "requestInterval", "routingControlArn", "type"],
  computed: ["enableSni", "failureThreshold", "regions", "triggers"],
  defaults: { disabled: false, measureLatency: false },
  check(inputs, refuse) {
    for (const name of absent) if (inputs[name] !== undefined) refuse(name, `${name} is not part of the local cloud`);
    for (const name of ["disabled", "measureLatency"])
      if (inputs[name] === true) refuse(name, `${name} is not part of the local cloud`);
    if (inputs["type"] !== "HTTP")
      refuse("type", `health checks of type ${String(inputs["type"])} are not part of the local cloud`);
    checkNumbers(inputs, refuse);
  },
  create(cloud, inputs) {
    const { fqdn } = inputs;
    if (fqdn === undefined)
      throw new AwsError("InvalidInput", "Invalid parameter : FullyQualifiedDomainName or IPAddress must be specified");
    const id = randomUUID();
    const arn = `arn:aws:route53:::healthcheck/${id}`;
    // Until there is enough data, Route 53 takes a new check's endpoint for healthy.
    const state = { ...defaults, ...inputs, fqdn, arn, health: "healthy" as const };
    return cloud.add(EndpointCheck, { id, region: GLOBAL, state: { ...state, tagsAll: inputs.tagsAll ?? {} } });
  },
};

function checkNumbers(inputs: Props, refuse: (property: string, reason: string) => void): void {
  const { requestInterval: interval, failureThreshold: threshold } = inputs;
  if (typeof interval === "number" && interval !== 10 && interval !== 30)
    refuse("requestInterval", `expected request_interval to be one of [10 30], got ${interval}`);
  if (typeof threshold === "number" && (threshold < 1 || threshold > 10))
    refuse("failureThreshold", `expected failure_threshold to be in the range (1 - 10), got ${threshold}`);
}

/** Takes down what the checkers find. */
export class EndpointHealth implements LedgerEndpointHealth {
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  async report(id: string, health: HealthCheckState["health"]): Promise<void> {
    const check = this.#cloud.find(EndpointCheck, GLOBAL, id);
    if (!check || check.state.health === health) return;
    check.state.health = health;
    this.#cloud.touch();
    await this.#cloud.settle();
  }
}
