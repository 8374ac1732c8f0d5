/** The names of objects by `Kind.group/group/version`, as the real provider records them. */
export type ResourceNames = Record<string, string[]>;

/** Lists the objects of a rendered chart. */
export function resourceNames(manifest: string): ResourceNames {
  const names: ResourceNames = {};
  for (const text of manifest.split(/^---.*$/m)) {
    const object = identify(text);
    if (object) (names[object.key] ??= []).push(object.name);
  }
  return Object.fromEntries(
    Object.entries(names)
      .map(([key, list]) => [key, list.sort()] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

/**
 * Reads the identity of one object line by line: charts with CustomResourceDefinitions render to megabytes, which a
 * YAML parser takes seconds for.
 */
function identify(text: string): { key: string; name: string } | undefined {
  const lines = text.split("\n");
  const apiVersion = scalar(lines, "apiVersion");
  const kind = scalar(lines, "kind");
  if (!apiVersion || !kind) return undefined;
  const metadata = block(lines, "metadata");
  const name = scalar(metadata, "name");
  const namespace = scalar(metadata, "namespace");
  const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0] ?? ""}` : "";
  return { key: `${kind}${group}/${apiVersion}`, name: namespace ? `${namespace}/${name}` : name };
}

/** The lines of a top-level mapping, without their own indentation. */
function block(lines: string[], key: string): string[] {
  const start = lines.findIndex((line) => line.trimEnd() === `${key}:`) + 1;
  if (start === 0) return [];
  const length = lines.slice(start).findIndex((line) => /^\S/.test(line) && !line.startsWith("#"));
  const body = lines.slice(start, length < 0 ? undefined : start + length);
  const indent = /^ */.exec(body.find((line) => line.trim() && !line.trim().startsWith("#")) ?? "")?.[0].length ?? 0;
  return body.map((line) => line.slice(indent));
}

function scalar(lines: string[], key: string): string {
  const line = lines.find((candidate) => candidate.startsWith(`${key}:`)) ?? "";
  return line
    .slice(key.length + 1)
    .replace(/\s+#.*$/, "")
    .trim()
    .replace(/^(["'])(.*)\1$/, "$2");
}
