/** What esbuild makes of a style sheet that is imported: a file beside the bundle. */
declare module '*.css';
