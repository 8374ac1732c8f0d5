/** What AWS lets its resources carry. */
import type { Rule } from "./rule.ts";

/**
 * What AWS allows (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html, "Tag restrictions") without `=`:
 * the load balancer controller takes its --default-tags as a comma separated list of key=value.
 */
const tagText = /^[\p{L}\p{N} _.:/+@-]*$/u;
const maxTagValueLength = 256;

export const platformRules: readonly Rule[] = [
  {
    code: "reserved-tag",
    severity: "error",
    check: ({ config }) =>
      Object.keys(config.tags ?? {})
        .filter((key) => /^aws:/i.test(key) || key === "" || key.length > 128)
        .map((key) => ({
          path: `tags.${key}`,
          message: `AWS takes no tag named "${key}": names have 1 to 128 characters, and those that begin with aws: are its own. Rename it.`,
        })),
  },
  {
    code: "tag-characters",
    severity: "error",
    check: ({ config }) =>
      Object.entries(config.tags ?? {})
        .filter(([key, value]) => !tagText.test(key) || !tagText.test(value) || value.length > maxTagValueLength)
        .map(([key, value]) => ({
          path: `tags.${key}`,
          message:
            `The tag "${key}" with the value "${value}" cannot be set everywhere: AWS takes letters, digits, spaces and _ . : / = + - @, ` +
            "values of up to 256 characters, and the load balancer controller reads its tags as key=value,key=value. Use none but " +
            "letters, digits, spaces and _ . : / + - @.",
        })),
  },
];
