import { readFileSync } from "node:fs";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import { containsUnknown, decode, encode, isObject } from "../../host/values.ts";
import { markSecretData } from "../object/inputs.ts";
import { pluck, qualifiedName } from "../object/object.ts";
import { tokenOf } from "../tokens.ts";
import { decodeYaml } from "./documents.ts";
import { Monitor } from "./monitor.ts";
import { defines, order } from "./order.ts";
import type { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import type { Properties } from "../../host/values.ts";
import type { KubeObject } from "../object/object.ts";
import type { Session } from "../session.ts";
import type { Registered } from "./monitor.ts";

/** How a value that refers to a resource is marked (sdk/go/common/resource/properties.go of pulumi). */
const signatureKey = "4dabf18193072939515e22adb298388d";
const resourceReferenceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

const configFile = "kubernetes:yaml/v2:ConfigFile";
const configGroup = "kubernetes:yaml/v2:ConfigGroup";

/**
 * `yaml.v2.ConfigFile` and `ConfigGroup`: a component with a child for each object of its files, in order, each named
 * `<prefix>:<namespace>/<name>`. The cluster is asked which kinds live in namespaces, also in a preview.
 */
export async function construct(request: ConstructRequest, session: Session): Promise<proto.ConstructResponse> {
  const type = request.getType();
  if (type !== configFile && type !== configGroup) throw new Error(`${type}: not built in the local cloud`);
  const monitor = new Monitor(request.getMonitorendpoint());
  try {
    const component = await monitor.register(
      { type, name: request.getName(), parent: request.getParent(), custom: false },
      (registration) => passOptions(request, registration),
    );
    const inputs = decode(request.getInputs());
    const resources = await registerChildren(inputs, component.urn, { request, session, monitor });
    const state = { resources: resources.map(resourceReference) };
    await monitor.registerOutputs(component.urn, state);
    return new proto.ConstructResponse().setUrn(component.urn).setState(encode(state));
  } finally {
    monitor.close();
  }
}

interface Context {
  request: ConstructRequest;
  session: Session;
  monitor: Monitor;
}

async function registerChildren(inputs: Properties, parent: string, context: Context): Promise<Registered[]> {
  const { request, session, monitor } = context;
  if (containsUnknown(inputs)) {
    const message = `${request.getType()}:${request.getName()} -- Required input properties have unknown values. Preview is incomplete.`;
    session.engine.log("warning", message, parent);
    return [];
  }
  const objects = await normalise(objectsOf(inputs), session);
  const prefix = typeof inputs["resourcePrefix"] === "string" ? inputs["resourcePrefix"] : request.getName();
  const registered = new Map<KubeObject, Promise<Registered>>();
  for (const { object, dependsOn } of order(objects)) {
    const child = async () => {
      const before = await Promise.all(dependsOn.flatMap((dependency) => registered.get(dependency) ?? []));
      return monitor.register({
        type: tokenOf(object),
        name: prefix ? `${prefix}:${qualifiedName(object)}` : qualifiedName(object),
        parent,
        custom: true,
        inputs: markSecretData(inputs["skipAwait"] === true ? skippingAwait(object) : object),
        dependsOn: before.map(({ urn }) => urn),
        provider: request.getProvidersMap().get("kubernetes"),
      });
    };
    registered.set(object, child());
  }
  return Promise.all(registered.values());
}

function objectsOf(inputs: Properties): Properties[] {
  const files = [inputs["file"], inputs["files"]].flat().filter((file) => file !== undefined);
  const texts = files.map((file) => readManifest(String(file)));
  if (typeof inputs["yaml"] === "string") texts.push(inputs["yaml"]);
  const own = Array.isArray(inputs["objs"]) ? inputs["objs"].filter(isObject) : [];
  return [...own, ...texts.flatMap(decodeYaml)];
}

function readManifest(file: string): string {
  if (/^[a-z]+:\/\//i.test(file)) {
    throw new Error(`${file}: the local cloud reads no manifests from the network; use a file of the project`);
  }
  if (/[*?[]/.test(file)) throw new Error(`${file}: patterns of files are not built in the local cloud`);
  return readFileSync(file, "utf8");
}

/** Checks that every object has an identity, and gives those that live in namespaces the default one. */
async function normalise(objects: Properties[], session: Session): Promise<KubeObject[]> {
  const named = objects.map(identified);
  const { context } = session.cluster;
  return Promise.all(
    named.map(async (object) => {
      if (object.metadata.namespace || !(await isNamespaced(object, named, session))) return object;
      return { ...object, metadata: { ...object.metadata, namespace: context.namespace } };
    }),
  );
}

function identified(object: Properties): KubeObject {
  const text = JSON.stringify(object).slice(0, 100);
  if (!object["apiVersion"] || !object["kind"]) {
    throw new Error(`Kubernetes resources require a kind and apiVersion: ${text}`);
  }
  if (!pluck(object, "metadata", "name")) throw new Error(`Kubernetes resources require a .metadata.name: ${text}`);
  return object as KubeObject;
}

async function isNamespaced(object: KubeObject, all: KubeObject[], session: Session): Promise<boolean> {
  const definition = all.find((other) => defines(other, object));
  if (definition) return pluck(definition, "spec", "scope") === "Namespaced";
  const mapping = await session.cluster.discovery.find(object.apiVersion, object.kind);
  if (mapping) return mapping.namespaced;
  throw new Error(
    `failed to determine if the following GVK is namespaced: ${object.apiVersion}, Kind=${object.kind}; its CustomResourceDefinition is neither in the cluster nor in the same file`,
  );
}

function skippingAwait(object: KubeObject): KubeObject {
  const annotations = { ...object.metadata.annotations, "pulumi.com/skipAwait": "true" };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** Hands the options that the program gave the component to the engine. */
function passOptions(request: ConstructRequest, registration: RegisterResourceRequest): void {
  registration
    .setDependenciesList(request.getDependenciesList())
    .setAliasesList(request.getAliasesList())
    .setIgnorechangesList(request.getIgnorechangesList())
    .setReplaceonchangesList(request.getReplaceonchangesList())
    .setDeletedwith(request.getDeletedwith());
  if (request.hasProtect()) registration.setProtect(request.getProtect() ?? false);
  if (request.hasRetainondelete()) registration.setRetainondelete(request.getRetainondelete() ?? false);
  for (const [name, reference] of request.getProvidersMap().entries()) {
    registration.getProvidersMap().set(name, reference);
  }
}

function resourceReference({ urn, id }: Registered): Properties {
  return { [signatureKey]: resourceReferenceSignature, urn, id, packageVersion: "" };
}
