/** The total of a cart in cents: the prices, less each coupon's share. */
function totalCents(cart, coupons) {
  const prices = cart.reduce((sum, line) => sum + line.priceCents * line.quantity, 0);
  return coupons.reduce((rest, coupon) => rest - Math.round((prices * coupon.percent) / 100), prices);
}

module.exports = { totalCents };
