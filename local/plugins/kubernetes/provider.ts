import { containsUnknown } from "../host/values.ts";
import { ApiError, UnreachableError } from "./api/errors.ts";
import { Cluster } from "./cluster.ts";
import { takeFault } from "../host/faults.ts";
import { createFailing } from "./faults.ts";
import { checkConfig, contextOf, diffConfig, providerOptions } from "./config.ts";
import { diffObject } from "./object/compare.ts";
import { createObject } from "./object/create.ts";
import { deleteObject } from "./object/delete.ts";
import { checkInputs, markSecretData } from "./object/inputs.ts";
import { readObject } from "./object/read.ts";
import { updateObject } from "./object/update.ts";
import { ReleaseResource } from "./release/release.ts";
import { kindOf, releaseType } from "./tokens.ts";
import { decodeYaml } from "./yaml/documents.ts";
import type { EngineLog } from "../host/engine.ts";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  PluginProvider,
  Reading,
  ReadRequest,
  UpdateRequest,
} from "../host/provider.ts";
import type { Properties } from "../host/values.ts";
import type { Session } from "./session.ts";

/** Kinds of Kubernetes itself that live in no namespace, for a check before the cluster can be asked. */
const clusterScoped = new Set([
  "APIService",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "GatewayClass",
  "IngressClass",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "RuntimeClass",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
]);

/** The real provider's words: https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/provider.go */
const unreadable =
  "failed to read resource state due to unreachable cluster. If the cluster was deleted, you can remove this resource " +
  "from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to " +
  '"true"';
const countsAsDeleted =
  "configured Kubernetes cluster is unreachable and the `deleteUnreachable` option is enabled. Deleting the " +
  "unreachable resource from Pulumi state";

/** The stand-in for Pulumi's Kubernetes provider: objects of any kind, and Helm releases. */
export class KubernetesProvider implements PluginProvider {
  readonly #engine: EngineLog;
  readonly #cancelled = new AbortController();
  #configured: { session: Session; releases: ReleaseResource } | undefined;

  constructor(engine: EngineLog) {
    this.#engine = engine;
  }

  checkConfig({ news }: CheckRequest): Promise<CheckResult> {
    return Promise.resolve(checkConfig(news));
  }

  diffConfig({ oldInputs, olds, news }: DiffRequest): Promise<DiffResult> {
    return Promise.resolve(diffConfig(Object.keys(oldInputs).length > 0 ? oldInputs : olds, news));
  }

  configure(inputs: Properties): Promise<void> {
    const session: Session = {
      cluster: new Cluster(contextOf(inputs)),
      options: providerOptions(inputs),
      engine: this.#engine,
      signal: this.#cancelled.signal,
    };
    this.#configured = { session, releases: new ReleaseResource(session) };
    return Promise.resolve();
  }

  /** The configured cluster and options. @throws Error before configure */
  get session(): Session {
    return this.#ready().session;
  }

  async check(request: CheckRequest): Promise<CheckResult> {
    if (request.type === releaseType) return this.#ready().releases.check(request);
    const kind = kindOf(request.type);
    const namespaced = await this.#isNamespaced(kind.apiVersion, kind.kind);
    const defaultNamespace = namespaced ? this.session.cluster.context.namespace : undefined;
    const inputs = checkInputs(request.news, { ...request, kind, defaultNamespace });
    return { inputs: markSecretData(inputs) };
  }

  async diff(request: DiffRequest): Promise<DiffResult> {
    if (request.type === releaseType) return this.#ready().releases.diff(request);
    const { apiVersion, kind } = kindOf(request.type);
    const { options, cluster } = this.session;
    const namespaced = await this.#isNamespaced(apiVersion, kind);
    return diffObject(request, { ...options, namespaced, defaultNamespace: cluster.context.namespace });
  }

  async create(request: CreateRequest): Promise<{ id: string; properties: Properties }> {
    const fault = request.preview ? undefined : await takeFault(request.urn);
    if (fault) return createFailing(fault, request, (failing) => this.#create(failing));
    return this.#create(request);
  }

  #create(request: CreateRequest): Promise<{ id: string; properties: Properties }> {
    if (request.type === releaseType) return this.#ready().releases.create(request);
    return createObject(request, this.session);
  }

  async read(request: ReadRequest): Promise<Reading | undefined> {
    try {
      if (request.type === releaseType) return await this.#ready().releases.read(request);
      return await readObject(request, this.session);
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      this.#engine.log("warning", error.message, request.urn);
      if (!this.session.options.deleteUnreachable) throw new Error(unreadable);
      this.#engine.log("info", countsAsDeleted, request.urn);
      return undefined;
    }
  }

  update(request: UpdateRequest): Promise<Properties> {
    if (request.type === releaseType) return this.#ready().releases.update(request);
    return updateObject(request, this.session);
  }

  /** A release in a cluster that does not answer is never deleted, whatever the options say. */
  async delete(request: DeleteRequest): Promise<void> {
    if (request.type === releaseType) return this.#ready().releases.delete(request);
    try {
      await deleteObject(request, this.session);
    } catch (error) {
      if (!(error instanceof UnreachableError && this.session.options.deleteUnreachable)) throw error;
      this.#engine.log("info", countsAsDeleted, request.urn);
    }
  }

  invoke(token: string, args: Properties): Promise<{ result: Properties }> {
    if (token !== "kubernetes:yaml:decode") throw new Error(`${token}: not built in the local cloud`);
    const text = args["text"];
    if (typeof text !== "string" || containsUnknown(text)) throw new Error(`${token}: "text" has to be a known string`);
    return Promise.resolve({ result: { result: decodeYaml(text) } });
  }

  cancel(): Promise<void> {
    this.#cancelled.abort();
    return Promise.resolve();
  }

  #ready(): { session: Session; releases: ReleaseResource } {
    if (!this.#configured) throw new Error("the provider was not configured");
    return this.#configured;
  }

  /** A kind that the cluster does not serve yet is taken as namespaced, as the real provider does; create corrects it. */
  async #isNamespaced(apiVersion: string, kind: string): Promise<boolean> {
    const mapping = await this.session.cluster.discovery.find(apiVersion, kind).catch((error: unknown) => {
      if (error instanceof UnreachableError || error instanceof ApiError) return undefined;
      throw error;
    });
    return mapping?.namespaced ?? !clusterScoped.has(kind);
  }
}
