import { KubernetesProvider } from "../../plugins/kubernetes/provider.ts";
import { decode, encode } from "../../plugins/host/values.ts";
import type { DiffResult, Reading } from "../../plugins/host/provider.ts";
import type { Properties } from "../../plugins/host/values.ts";

/** A resource as the engine keeps it: plain values, as the provider gets them back. */
export interface Resource {
  type: string;
  name: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
}

/** What was logged, for tests to look at. */
export interface Logged {
  severity: string;
  message: string;
}

/** Calls a provider as the engine does, in its order: check, then diff, then create or update. */
export class Driver {
  readonly provider: KubernetesProvider;
  readonly logged: Logged[] = [];

  private constructor() {
    this.provider = new KubernetesProvider({
      log: (severity, message) => void this.logged.push({ severity, message }),
    });
  }

  static async configured(kubeconfig: string, options: Properties = {}): Promise<Driver> {
    const driver = new Driver();
    await driver.provider.configure({ kubeconfig, ...options });
    return driver;
  }

  async check(type: string, name: string, news: Properties, olds: Properties = {}): Promise<Properties> {
    const { inputs, failures } = await this.provider.check({ ...subject(type, name), news, olds, randomSeed: "" });
    if (failures?.length) throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    return plain(inputs);
  }

  async preview(type: string, name: string, news: Properties): Promise<Properties> {
    const inputs = await this.check(type, name, news);
    return plain(
      (await this.provider.create({ ...subject(type, name), inputs, preview: true, timeout: 0 })).properties,
    );
  }

  async create(type: string, name: string, news: Properties, timeout = 0): Promise<Resource> {
    const inputs = await this.check(type, name, news);
    const made = await this.provider.create({ ...subject(type, name), inputs, preview: false, timeout });
    return { type, name, id: made.id, inputs, outputs: plain(made.properties) };
  }

  async diff(resource: Resource, news: Properties): Promise<DiffResult> {
    const inputs = await this.check(resource.type, resource.name, news, resource.inputs);
    return this.provider.diff({ ...request(resource), oldInputs: resource.inputs, news: inputs, ignoreChanges: [] });
  }

  async update(resource: Resource, news: Properties, { preview = false, timeout = 0 } = {}): Promise<Resource> {
    const inputs = await this.check(resource.type, resource.name, news, resource.inputs);
    const outputs = await this.provider.update({
      ...request(resource),
      oldInputs: resource.inputs,
      news: inputs,
      preview,
      timeout,
      ignoreChanges: [],
    });
    return { ...resource, inputs, outputs: plain(outputs) };
  }

  async read(resource: Resource): Promise<Reading | undefined> {
    const { inputs } = resource;
    const found = await this.provider.read({ ...request(resource), properties: resource.outputs, inputs });
    return found && { ...found, properties: plain(found.properties) };
  }

  async delete(resource: Resource, timeout = 0): Promise<void> {
    const { outputs: properties, inputs: oldInputs } = resource;
    await this.provider.delete({ ...request(resource), properties, oldInputs, timeout });
  }
}

/** Properties as they come back from the engine: without secret marks. */
export function plain(properties: Properties): Properties {
  return decode(encode(properties));
}

function subject(type: string, name: string) {
  return { urn: `urn:pulumi:test::test::${type}::${name}`, type, name };
}

function request({ type, name, id, outputs }: Resource) {
  return { ...subject(type, name), id, olds: outputs };
}
