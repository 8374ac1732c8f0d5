/** Imported first: tests make a world of their own, so that they neither need nor disturb a running one. */
process.env["ISTIO_LAB_PREFIX"] ??= "ilt-";
