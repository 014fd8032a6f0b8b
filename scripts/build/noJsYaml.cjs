// Stands in for js-yaml in the bundles. gray-matter names it for its default engines, which documents/frontMatter.ts
// replaces by the `yaml` package; being asked for one of these is therefore a bug, and says so.
const refuse = () => {
  throw new Error('js-yaml is not part of this bundle');
};
module.exports = { safeLoad: refuse, safeDump: refuse };
