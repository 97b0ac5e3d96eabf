/** How much louder than it comes from the synthesiser, which leaves room for far more voices than a take has. */
export const LOUD = 2.5;
