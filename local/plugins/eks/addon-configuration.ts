import * as pulumi from "@pulumi/pulumi";

/** An add-on's `configurationValues`: JSON with sorted keys, so that the same values always give the same text. */
export function stringifyConfiguration(values: pulumi.Input<object>): pulumi.Output<string> {
  return pulumi.jsonStringify(values, (_key: string, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  );
}
