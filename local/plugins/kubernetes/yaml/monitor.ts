import grpc from "@grpc/grpc-js";
import monitorService from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourceProto from "@pulumi/pulumi/proto/resource_pb.js";
import { channelOptions } from "../../host/server.ts";
import { encode } from "../../host/values.ts";
import type { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import type { Properties } from "../../host/values.ts";

/** A resource to register below a component. */
export interface Registration {
  type: string;
  name: string;
  parent: string;
  /** False for a component. */
  custom: boolean;
  inputs?: Properties;
  /** URNs. */
  dependsOn?: string[];
  /** `<urn>::<id>` of the provider; the parent's or the default one when it is missing. */
  provider?: string | undefined;
}

export interface Registered {
  urn: string;
  id: string;
}

/** The engine's side of a running program, to which a component registers its children. */
export class Monitor {
  readonly #client: ResourceMonitorClient;

  constructor(address: string) {
    this.#client = new monitorService.ResourceMonitorClient(address, grpc.credentials.createInsecure(), channelOptions);
  }

  /** Registers a resource and waits until the engine has dealt with it. */
  async register(
    resource: Registration,
    adjust?: (request: resourceProto.RegisterResourceRequest) => void,
  ): Promise<Registered> {
    const request = new resourceProto.RegisterResourceRequest()
      .setType(resource.type)
      .setName(resource.name)
      .setParent(resource.parent)
      .setCustom(resource.custom)
      .setObject(encode(resource.inputs ?? {}))
      .setDependenciesList(resource.dependsOn ?? [])
      .setAcceptsecrets(true)
      .setAcceptresources(true)
      .setSupportspartialvalues(true)
      .setAliasspecs(true);
    if (resource.provider) request.setProvider(resource.provider);
    adjust?.(request);
    const response = await new Promise<resourceProto.RegisterResourceResponse>((resolve, reject) => {
      this.#client.registerResource(request, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
    return { urn: response.getUrn(), id: response.getId() };
  }

  /** Says that a component has registered everything. */
  async registerOutputs(urn: string, outputs: Properties): Promise<void> {
    const request = new resourceProto.RegisterResourceOutputsRequest().setUrn(urn).setOutputs(encode(outputs));
    await new Promise<void>((resolve, reject) => {
      this.#client.registerResourceOutputs(request, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Ends the connection. */
  close(): void {
    this.#client.close();
  }
}
