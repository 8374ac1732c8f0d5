import { GeneratedProvider } from "../host/generated.ts";
import { serveProvider } from "../host/server.ts";
import { certRequest } from "./cert-request.ts";
import { locallySignedCert } from "./locally-signed-cert.ts";
import { privateKey } from "./private-key.ts";
import { selfSignedCert } from "./self-signed-cert.ts";

/**
 * A stand-in for `pulumi-resource-tls` 5.6.1: real keys and certificates, made by Node's cryptography, with the
 * properties, refusals and quirks of https://github.com/hashicorp/terraform-provider-tls, which the real one wraps.
 */
await serveProvider(
  "5.6.1",
  () =>
    new GeneratedProvider({
      "tls:index/privateKey:PrivateKey": privateKey,
      "tls:index/selfSignedCert:SelfSignedCert": selfSignedCert,
      "tls:index/certRequest:CertRequest": certRequest,
      "tls:index/locallySignedCert:LocallySignedCert": locallySignedCert,
    }),
);
