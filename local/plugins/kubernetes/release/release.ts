import { containsUnknown, isObject, secret } from "../../host/values.ts";
import { InitFailed } from "../../host/provider.ts";
import { messageOf } from "../api/errors.ts";
import { compare, detailedDiff } from "../object/diff.ts";
import { splitId } from "../object/object.ts";
import { installArguments, templateArguments, uninstallArguments, upgradeArguments } from "./arguments.ts";
import { withHelm } from "./helm.ts";
import { inputFailures, merge, releaseInputs } from "./inputs.ts";
import { resourceNames } from "./manifest.ts";
import { storedRelease } from "./stored.ts";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  Reading,
  ReadRequest,
  UpdateRequest,
} from "../../host/provider.ts";
import type { Properties } from "../../host/values.ts";
import type { Session } from "../session.ts";
import type { ReleaseInputs } from "./inputs.ts";
import type { StoredRelease } from "./stored.ts";

/** `helm.v3.Release`, by the real helm command. */
export class ReleaseResource {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Resolves and renders the chart, so that a chart that is not there fails the preview. */
  async check(request: CheckRequest): Promise<CheckResult> {
    const failures = inputFailures(request.news);
    const inputs = releaseInputs(request, this.#session.cluster.context.namespace);
    if (failures.length > 0 || containsUnknown(inputs)) return { inputs, failures };
    try {
      await withHelm(this.#session, inputs.values, (helm) => helm.run(templateArguments(inputs, helm)));
      return { inputs };
    } catch (error) {
      const reason = `${messageOf(error)}; check the chart name and repository configuration.`;
      return { inputs, failures: [{ property: "chart", reason }] };
    }
  }

  /** Compares inputs with inputs: what happened to the release's objects is not seen. */
  diff(request: DiffRequest): Promise<DiffResult> {
    const { __inputs: recorded } = request.olds;
    const old = isObject(recorded) ? recorded : request.oldInputs;
    const changes = compare(old, request.news, { builtIn: false }).filter(
      ({ path }) => !request.ignoreChanges.includes(String(path[0])),
    );
    const detailed = detailedDiff(changes, [["name"], ["namespace"]]);
    const replaces = Object.keys(detailed).filter((path) => detailed[path]?.endsWith("-replace"));
    return Promise.resolve({ changes: changes.length > 0, replaces, detailed });
  }

  async create(request: CreateRequest): Promise<{ id: string; properties: Properties }> {
    const inputs = request.inputs as ReleaseInputs;
    if (request.preview) return { id: "", properties: inputs };
    await this.#ping("create");
    const id = `${inputs.namespace}/${inputs.name}`;
    const timeout = request.timeout > 0 ? { timeout: request.timeout } : {};
    const failure = await this.#attempt({ ...inputs, ...timeout }, installArguments);
    const stored = await this.#stored(inputs);
    if (!failure && stored) return { id, properties: outputs(inputs, stored) };
    // A name that is in use belongs to somebody else's release: nothing was created.
    if (!failure || !stored || /cannot re-?use a name/.test(failure.message)) throw failure ?? lost(id);
    const properties = outputs(inputs, stored);
    const summary = `Helm release "${id}" was created, but failed to initialize completely. Use Helm CLI to investigate: ${timedOut(id, failure)}`;
    this.#session.engine.log(
      "warning",
      `Helm release "${inputs.name}" was created but has a failed status. Use the \`helm\` command to investigate the error, correct it, then retry. Reason: ${failure.message}`,
      request.urn,
    );
    throw new InitFailed({ id, properties, inputs }, [summary]);
  }

  async update(request: UpdateRequest): Promise<Properties> {
    const inputs = request.news as ReleaseInputs;
    if (request.preview) return inputs;
    await this.#ping("update");
    const before = await this.#stored(inputs);
    const failure = await this.#attempt(inputs, upgradeArguments);
    const stored = await this.#stored(inputs);
    if (!failure && stored) return outputs(inputs, stored);
    const isNewRevision = stored !== undefined && stored.version > (before?.version ?? 0);
    if (!failure || !isNewRevision) throw failure ?? lost(request.id);
    const summary = `Helm release "${request.id}" failed to initialize completely. Use Helm CLI to investigate: ${timedOut(request.id, failure)}`;
    throw new InitFailed({ id: request.id, properties: outputs(inputs, stored), inputs }, [summary]);
  }

  /** The release as Helm's Secrets describe it; its objects are not looked at. */
  async read(request: ReadRequest): Promise<Reading | undefined> {
    const { namespace = this.#session.cluster.context.namespace, name } = splitId(request.id);
    const stored = await storedRelease(this.#session.cluster, namespace, name);
    if (!stored) return undefined;
    const { __inputs: recorded, ...state } = request.properties;
    const inputs = isObject(recorded) ? (recorded as ReleaseInputs) : importedInputs(stored);
    const properties = outputs({ ...inputs, ...state }, stored);
    return { id: request.id, properties: { ...properties, __inputs: secret(inputs) }, inputs };
  }

  /** Uninstalls. A release that is not there is an error, as in the real provider. */
  async delete(request: DeleteRequest): Promise<void> {
    await this.#ping("delete");
    const { __inputs: _inputs, ...state } = request.properties;
    const { namespace = "default", name } = splitId(request.id);
    const inputs = { ...state, name, namespace } as ReleaseInputs;
    const said = await withHelm(this.#session, {}, (helm) => helm.run(uninstallArguments(inputs)));
    // Helm keeps objects with the annotation helm.sh/resource-policy, as Istio's definitions have it, and lists them.
    const kept = said.split("\n").filter((line) => line && !line.startsWith("release "));
    if (kept.length > 0) {
      const message = `Helm uninstall returned information: ${JSON.stringify(kept.join("\n"))}`;
      this.#session.engine.log("warning", message, request.urn);
    }
  }

  /** Runs helm and gives back its failure, because a failed release may exist all the same. */
  async #attempt(inputs: ReleaseInputs, argumentsOf: typeof installArguments): Promise<Error | undefined> {
    try {
      await withHelm(this.#session, inputs.values, (helm) => helm.run(argumentsOf(inputs, helm)));
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      // A chart may bring definitions of new kinds, or take them away.
      this.#session.cluster.discovery.forget();
    }
  }

  #stored(inputs: ReleaseInputs): Promise<StoredRelease | undefined> {
    return storedRelease(this.#session.cluster, inputs.namespace, inputs.name);
  }

  async #ping(action: string): Promise<void> {
    try {
      await this.#session.cluster.ping();
    } catch (error) {
      throw new Error(`can't ${action} Helm Release with unreachable cluster: ${messageOf(error)}`);
    }
  }
}

/** A release's outputs: its inputs, completed by what Helm recorded. */
export function outputs(inputs: ReleaseInputs, stored: StoredRelease): Properties {
  const { metadata } = stored.chart;
  return {
    ...inputs,
    values: merge(inputs.values, stored.config ?? {}),
    version: metadata.version,
    resourceNames: resourceNames(stored.manifest),
    status: {
      appVersion: metadata.appVersion ?? "",
      chart: metadata.name,
      name: stored.name,
      namespace: stored.namespace,
      revision: stored.version,
      status: stored.info.status,
      version: metadata.version,
    },
    __inputs: secret(inputs),
  };
}

function importedInputs(stored: StoredRelease): ReleaseInputs {
  const { name, namespace, chart, config = {} } = stored;
  return { name, namespace, chart: chart.metadata.name, version: chart.metadata.version, values: config };
}

function timedOut(id: string, failure: Error): string {
  return `failed to become available within allocated timeout. Error: Helm Release ${id}: ${failure.message}`;
}

function lost(id: string): Error {
  return new Error(`Helm release "${id}": helm reported success, but recorded no release`);
}
