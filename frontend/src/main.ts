import "./style/base.css";
import "./style/shell.css";
import "./style/parts.css";
import "./style/pages.css";
import "./style/settings.css";
import "./style/trace.css";
import { connection } from "./hub/connection.js";
import { speak, wantedLanguage } from "./text/text.js";
import { applyTheme } from "./theme.js";

applyTheme();
await speak(wantedLanguage());
await import("./app.js");
connection.open();
