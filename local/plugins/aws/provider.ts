import { InitFailed } from "../host/provider.ts";
import { UNKNOWN } from "../host/values.ts";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  PluginProvider,
  ReadRequest,
  Reading,
  UpdateRequest,
} from "../host/provider.ts";
import type { Properties } from "../host/values.ts";
import type { AwsCloud } from "./cloud.ts";
import { CloudRefusal } from "./transport.ts";

/** One aws.Provider: a region, default tags, and the cloud's answers in the engine's words. */
export class AwsProvider implements PluginProvider {
  readonly #cloud: AwsCloud;
  #region: string | undefined;
  #defaultTags: Record<string, string> | undefined;

  constructor(cloud: AwsCloud) {
    this.#cloud = cloud;
  }

  checkConfig(request: CheckRequest): Promise<CheckResult> {
    const failures = request.news["region"] ? [] : [{ property: "region", reason: missingRegion }];
    return Promise.resolve({ inputs: request.news, failures });
  }

  configure(inputs: Properties): Promise<void> {
    this.#region = known(inputs["region"]);
    this.#defaultTags = tagsOf(known(inputs["defaultTags"]));
    return Promise.resolve();
  }

  async check(request: CheckRequest): Promise<CheckResult> {
    const { type, name, olds, news } = request;
    const defaultTags = this.#defaultTags ? { defaultTags: this.#defaultTags } : {};
    return this.#cloud.check({ type, region: this.#region, name, ...defaultTags, olds, news });
  }

  async diff(request: DiffRequest): Promise<DiffResult> {
    const { type, oldInputs, news, ignoreChanges } = request;
    const answer = await this.#cloud.diff({ type, region: this.#region, olds: oldInputs, news });
    const changes = answer.changes.filter(({ path }) => !ignoreChanges.some((ignored) => within(path, ignored)));
    const detailed = changes.map(
      ({ path, kind, replace }) => [path, replace ? (`${kind}-replace` as const) : kind] as const,
    );
    return {
      changes: changes.length > 0,
      replaces: changes.filter(({ replace }) => replace).map(({ path }) => path),
      deleteBeforeReplace: answer.deleteBeforeReplace,
      detailed: Object.fromEntries(detailed),
    };
  }

  /**
   * What AWS made although it failed is recorded as asked for, with the failure. The real provider does so too: it notes
   * the id before it goes on to attach, modify or wait, and then returns the state that it had planned.
   * https://github.com/pulumi/pulumi-terraform-bridge/blob/master/pkg/tfbridge/provider.go
   */
  async create({ urn, type, inputs, preview }: CreateRequest): Promise<{ id: string; properties: Properties }> {
    try {
      const made = await this.#asking("creating", type, () =>
        this.#cloud.create({ urn, type, region: this.#region, inputs, preview }),
      );
      return { id: made.id, properties: made.outputs };
    } catch (error) {
      const made = error instanceof Error && error.cause instanceof CloudRefusal ? error.cause.made : undefined;
      if (!made) throw error;
      throw new InitFailed({ id: made.id, properties: made.outputs, inputs }, [(error as Error).message]);
    }
  }

  async read({ type, id, properties, inputs }: ReadRequest): Promise<Reading | undefined> {
    const region = this.#regionOf(properties);
    // An import has no inputs yet: then the cloud says which ones would make the resource what it is.
    const recorded = Object.keys(inputs).length > 0 ? { inputs } : {};
    const found = await this.#asking("reading", `${type} ${id}`, () =>
      this.#cloud.read({ type, id, region, ...recorded }),
    );
    return found && { id: found.id, properties: found.outputs, inputs: found.inputs };
  }

  /**
   * The engine also updates what failed when it was made. Nothing differs then between the record and the program, so
   * the real provider only reads: what AWS left half made stays so, and only a refresh shows it.
   */
  async update(request: UpdateRequest): Promise<Properties> {
    const { type, id, news, olds, preview } = request;
    const region = this.#regionOf(news);
    if (!(await this.diff(request)).changes) {
      const found = preview ? undefined : await this.read({ ...request, properties: olds, inputs: news });
      return found?.properties ?? olds;
    }
    const changed = await this.#asking("updating", `${type} ${id}`, () =>
      this.#cloud.update({ type, id, region, inputs: news, preview }),
    );
    return changed.outputs;
  }

  async delete({ type, id, properties }: DeleteRequest): Promise<void> {
    const region = this.#regionOf(properties);
    await this.#asking("deleting", `${type} ${id}`, () => this.#cloud.delete({ type, id, region }));
  }

  async invoke(token: string, args: Properties): Promise<{ result: Properties }> {
    const region = this.#regionOf(args);
    const result = await this.#asking("reading", token, () => this.#cloud.invoke({ token, region, inputs: args }));
    return { result };
  }

  /** Since version 7 each resource may name a region of its own. */
  #regionOf(properties: Properties): string | undefined {
    return known(properties["region"]) ?? this.#region;
  }

  /** Says in an error what was being done, and the cloud's code and words as the real provider shows AWS's. */
  async #asking<Answer>(doing: string, subject: string, ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CloudRefusal)) throw error;
      throw new Error(`${doing} ${subject}: api error ${error.code}: ${error.message}`, { cause: error });
    }
  }
}

const missingRegion =
  "Provider is missing a required configuration key: give the aws.Provider a region, or pass a provider that has one " +
  "to the resource (`pulumi config set aws:region` configures the default provider)";

function known(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value !== UNKNOWN ? value : undefined;
}

/** The SDK sends a provider's nested inputs as JSON. */
function tagsOf(defaultTags: string | undefined): Record<string, string> | undefined {
  if (defaultTags === undefined) return undefined;
  return (JSON.parse(defaultTags) as { tags?: Record<string, string> }).tags;
}

/** Whether a property path is the other one or lies in it. */
function within(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}
