/** A program with an error that only an output finds, as where a region turns out to have too few zones. */
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { runError } from "../../../components/run-error.ts";

const found = pulumi.output(1).apply((): number => {
  throw runError("The region has too few zones. Lower `zones`.");
});
new random.RandomId("id", { byteLength: found });
