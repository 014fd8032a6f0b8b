/**
 * Lines up columns with two spaces between them; the last one is left ragged. The first row may be a heading: a column
 * that is empty in every row below it is left out. Cells are plain lines; a paint is put on after measuring, since its escape sequences take no room.
 */
export function table(
  rows: readonly (readonly string[])[],
  paint: (cell: string, row: number, column: number) => string = (cell) => cell,
): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const told = rows.length > 1 ? rows.slice(1) : rows;
  const columns = [...Array(count).keys()].filter((column) => told.some((row) => (row[column] ?? '') !== ''));
  const widths = columns.map((column) => Math.max(...rows.map((row) => width(row[column] ?? ''))));
  return rows
    .map((row, rowIndex) =>
      columns
        .map((column, index) => {
          const cell = row[column] ?? '';
          const padding = index === columns.length - 1 ? 0 : (widths[index] ?? 0) - width(cell);
          return paint(cell, rowIndex, column) + ' '.repeat(padding);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Columns that a text takes on a terminal: combining marks none, wide characters of East Asia and emoji two. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (/\p{M}|\u200d|\ufe0f/u.test(character)) continue;
    columns +=
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return columns;
}
