// What a browser loads first, in one piece: the shell and the overview. All else comes when it is needed.

import "./style/base.css";
import "./style/shell.css";
import "./style/parts.css";
import "./style/pages.css";
import "./style/settings.css";
import "./style/trace.css";
import "./app.js";
import { connection } from "./hub/connection.js";
import "./pages/overview.js";
import { speak, wantedLanguage } from "./text/text.js";
import { applyTheme } from "./theme.js";

applyTheme();
connection.open();
void speak(wantedLanguage()).then(() => document.body.prepend(document.createElement("hub-app")));
