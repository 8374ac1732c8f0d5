// @peculiar/x509 keeps its parts in tsyringe, which needs this before anything else.
import "reflect-metadata";

export * from "@peculiar/x509";
