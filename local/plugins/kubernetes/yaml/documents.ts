import { parseAllDocuments } from "yaml";
import { isObject } from "../../host/values.ts";
import { pluckList } from "../object/object.ts";
import type { Properties } from "../../host/values.ts";

/**
 * Reads the objects of a YAML text: empty documents are left out, and lists stand for their items.
 *
 * @throws Error with the position of what is no YAML
 */
export function decodeYaml(text: string): Properties[] {
  return parseAllDocuments(text).flatMap((document) => {
    const [problem] = document.errors;
    if (problem) throw new Error(`decoding YAML: ${problem.message}`);
    const value: unknown = document.toJS();
    return isObject(value) && Object.keys(value).length > 0 ? expand(value) : [];
  });
}

function expand(object: Properties): Properties[] {
  const isList = String(object["kind"] ?? "").endsWith("List") && Array.isArray(object["items"]);
  return isList ? pluckList(object, "items").flatMap(expand) : [object];
}
