/** What the engine tells a policy pack of a program, put together to the graph that laws judge. */
import type proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import { type JsonObject, type RecordedOptions, ResourceGraph, type ResourceNode } from "../../lab/recorder/graph.ts";
import { plainProperties } from "../../lab/recorder/wire.ts";

type Asked = Pick<ResourceNode, "urn" | "inputs" | "secretInputs" | "unknownInputs">;

/** What the program asked for, as the engine tells it before it makes a resource. */
export function asked(request: proto.AnalyzeRequest): Asked {
  return { urn: request.getUrn(), ...inputsOf(request.getProperties()?.toJavaScript()) };
}

/**
 * The engine tells inputs one resource at a time, and outputs and dependencies of all together at the end: laws want
 * the inputs with the dependencies.
 */
export class SeenProgram {
  readonly #asked = new Map<string, Asked>();

  remember(resource: Asked): void {
    this.#asked.set(resource.urn, resource);
  }

  graph(resources: readonly proto.AnalyzerResource[]): ResourceGraph {
    return new ResourceGraph(resources.map((resource) => this.#node(resource)));
  }

  #node(resource: proto.AnalyzerResource): ResourceNode {
    const type = resource.getType();
    const component = /^(istio-lab|eks):|^pulumi:pulumi:Stack$/.test(type);
    const state = inputsOf(resource.getProperties()?.toJavaScript());
    const seen = this.#asked.get(resource.getUrn());
    const { inputs, secretInputs, unknownInputs } = seen ?? state;
    return {
      urn: resource.getUrn(),
      type,
      name: resource.getName(),
      parent: resource.getParent() || undefined,
      custom: !component,
      remote: type.startsWith("eks:"),
      inputs,
      secretInputs,
      unknownInputs,
      provider: resource.getProvider()?.getUrn(),
      providers: {},
      dependsOn: resource.getDependenciesList().toSorted(),
      propertyDeps: propertyDependencies(resource),
      options: optionsOf(resource),
      outputsRegistered: true,
      outputs: component ? state.inputs : {},
      secretOutputs: component ? state.secretInputs : [],
    };
  }
}

function inputsOf(properties: object | undefined): Omit<Asked, "urn"> {
  const { value, secrets, unknowns } = plainProperties((properties ?? {}) as JsonObject);
  return { inputs: value, secretInputs: secrets, unknownInputs: unknowns };
}

function propertyDependencies(resource: proto.AnalyzerResource): ResourceNode["propertyDeps"] {
  const dependencies: Record<string, string[]> = {};
  resource.getPropertydependenciesMap().forEach((urns, property) => {
    dependencies[property] = urns.getUrnsList().toSorted();
  });
  return dependencies;
}

/** Neither `deletedWith` nor `retainOnDelete` is told. */
function optionsOf(resource: proto.AnalyzerResource): RecordedOptions {
  const options = resource.getOptions();
  const seconds = options?.getCustomtimeouts()?.getDelete() ?? 0;
  return {
    ...(options?.getProtect() === true ? { protect: true } : {}),
    ...(seconds > 0 ? { customTimeouts: { delete: `${String(seconds)}s` } } : {}),
  };
}
