import { GeneratedProvider } from "../host/generated.ts";
import { serveProvider } from "../host/server.ts";
import { randomBytesType, randomId } from "./bytes.ts";
import { randomPet } from "./pet.ts";
import { randomPassword, randomString } from "./string.ts";

/**
 * A stand-in for `pulumi-resource-random` 4.21.2: the types a lab needs, from Node's source of randomness.
 * https://github.com/hashicorp/terraform-provider-random is what the real one wraps.
 */
await serveProvider(
  "4.21.2",
  () =>
    new GeneratedProvider({
      "random:index/randomId:RandomId": randomId,
      "random:index/randomBytes:RandomBytes": randomBytesType,
      "random:index/randomString:RandomString": randomString,
      "random:index/randomPassword:RandomPassword": randomPassword,
      "random:index/randomPet:RandomPet": randomPet,
    }),
);
