// Runs before anything else, on any Node.js: an old one would stumble over the first type in the sources and say so in
// words that help nobody. Hence plain old syntax, and no import.
var required = [22, 18];
var found = process.versions.node.split(".").map(Number);
if (found[0] < required[0] || (found[0] === required[0] && found[1] < required[1])) {
  process.stderr.write(
    "istio-lab needs Node.js " +
      required.join(".") +
      " or newer, but this is " +
      process.versions.node +
      " (" +
      process.execPath +
      "). Install a newer one from https://nodejs.org, or put node_modules/.bin first on PATH.\n",
  );
  process.exit(1);
}
