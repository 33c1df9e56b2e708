export type Medium = "picture" | "video" | "sound" | "file";

/** What a file is: shown as a picture, played, or only named. */
export function mediumOf(file: { name: string }): Medium {
  const name = file.name.toLowerCase();
  if (/\.(png|jpe?g|webp|gif|avif|bmp|tiff?)$/.test(name)) return "picture";
  if (/\.(mp4|webm|mkv|mov)$/.test(name)) return "video";
  if (/\.(flac|mp3|wav|ogg|opus|m4a)$/.test(name)) return "sound";
  return "file";
}
