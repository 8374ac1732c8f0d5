/** When Kubernetes made an object. */
export interface Made {
  readonly metadata: { readonly creationTimestamp?: string | Date };
}

/** To be compared with another: RFC 3339. */
export const madeAt = ({ metadata: { creationTimestamp = "" } }: Made): string =>
  creationTimestamp instanceof Date ? creationTimestamp.toISOString() : creationTimestamp;
