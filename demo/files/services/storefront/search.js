/** Products whose name holds the words. */
function search(products, words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return products.filter((product) => wanted.every((word) => product.name.toLowerCase().includes(word)));
}

module.exports = { search };
