// Imported first by what a person starts: an older Node would fail later, and less clearly.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Firebreak is built with Node 20.19 or later. This is Node ${process.versions.node}.`);
  process.exit(1);
}
