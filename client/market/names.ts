/** What people type as a list: names with spaces, commas or ends of lines between. */
export const namesIn = (text: string): string[] => text.split(/[\s,]+/).filter((name) => name !== "");
