import assert from "node:assert/strict";
import * as networking from "@kubernetes-models/istio/networking.istio.io/v1";
import { EnvoyFilter } from "@kubernetes-models/istio/networking.istio.io/v1alpha3";
import * as security from "@kubernetes-models/istio/security.istio.io/v1";
import type { KubernetesObject } from "../../istio/object.ts";

const classes: Record<string, new (data: never) => { validate(): void }> = { ...networking, EnvoyFilter, ...security };

/** Istio's own schema: throws where a field is missing, unknown or of the wrong kind. */
export function validate(object: KubernetesObject): void {
  const Model = classes[object.kind];
  assert.ok(Model, `no model for ${object.kind}`);
  new Model(object as never).validate();
}
