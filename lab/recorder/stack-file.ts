/**
 * Stack files read as the Pulumi CLI reads them: scalars become text, structures JSON text, and what Pulumi.yaml sets
 * for every stack comes first.
 */
import { readFile } from "node:fs/promises";
import { parse } from "yaml";

type ConfigSection = Readonly<Record<string, unknown>>;

const root = new URL("../../", import.meta.url);

/**
 * The configuration that a stack file hands to the program.
 * @param file a path, or the name of a stack at the repository's root (`single` is Pulumi.single.yaml)
 * @throws when the file is not there or is no YAML mapping
 */
export async function stackConfig(file: string): Promise<Record<string, string>> {
  const path = /\.ya?ml$/.test(file) ? file : new URL(`Pulumi.${file}.yaml`, root);
  const project = await configSection(new URL("Pulumi.yaml", root));
  const stack = await configSection(path);
  return { ...asEngineConfig(project), ...asEngineConfig(stack) };
}

async function configSection(path: string | URL): Promise<ConfigSection> {
  const document: unknown = parse(await readFile(path, "utf8"));
  if (document === null || typeof document !== "object") throw new Error(`${String(path)} is not a stack file.`);
  return (document as { config?: ConfigSection | null }).config ?? {};
}

function asEngineConfig(section: ConfigSection): Record<string, string> {
  return Object.fromEntries(
    Object.entries(section).map(([key, setting]) => {
      const value = projectValue(setting);
      return [key, typeof value === "string" ? value : JSON.stringify(value)];
    }),
  );
}

/** Pulumi.yaml may wrap a value as `{value: ...}`. */
function projectValue(setting: unknown): unknown {
  const wrapped = setting !== null && typeof setting === "object" && Object.keys(setting).join() === "value";
  return wrapped ? (setting as { value: unknown }).value : setting;
}
