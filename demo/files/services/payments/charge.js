/** Charges an order. A refused card is an answer, not a failure. */
async function charge(pool, order) {
  return pool.with(async (connection) => {
    const answer = await connection.charge({ amount: order.totalCents, card: order.card, reference: order.id });
    return answer.refused ? { paid: false, reason: answer.reason } : { paid: true, receipt: answer.receipt };
  });
}

module.exports = { charge };
