// What the hub says of settings, in German; by its English, which is what it sends.

export const helps: Record<string, string> = {
  "Unique name, of small letters, digits and `_`; history hangs on it.":
    "Eindeutiger Name aus kleinen Buchstaben, Ziffern und `_`; an ihm hängt, was früher geschah.",
  "What people call it.":
    "Wie Menschen sie nennen.",
  "What it is for.":
    "Wofür sie da ist.",
  "Whether it is on when the hub starts; left out, it is as it was last (at first on).":
    "Ob sie an ist, wenn der Hub startet; ohne Angabe ist sie, wie sie zuletzt war (anfangs an).",
  "What becomes of an event that comes while an earlier one is worked on: `queued` waits its turn, `parallel` starts at once, `restart` stops the earlier one, `latest` waits in the place of any that waits already, `single` is dropped.":
    "Was aus einem Ereignis wird, das kommt, während an einem früheren gearbeitet wird: `queued` wartet, bis es an der Reihe ist, `parallel` beginnt sofort, `restart` hält das frühere an, `latest` wartet an Stelle eines anderen, das schon wartet, `single` wird verworfen.",
  "With `queued`: how many are worked on at once.":
    "Mit `queued`: an wie vielen zugleich gearbeitet wird.",
  "A template; the mode counts only events for which it gives the same.":
    "Eine Vorlage; der Modus zählt nur Ereignisse, für die sie dasselbe ergibt.",
  "With `parallel`: how many at once (10 if left out). With `queued`: how many at most wait or are worked on (any number). Events over it are dropped, with a record of each.":
    "Mit `parallel`: wie viele zugleich (10 ohne Angabe). Mit `queued`: wie viele höchstens warten oder in Arbeit sind (beliebig viele). Ereignisse darüber werden verworfen und jedes vermerkt.",
  "How loudly the log tells of a dropped event, or `silent`.":
    "Wie laut das Protokoll von einem verworfenen Ereignis erzählt, oder `silent`.",
  "An event waits until no other came for so long; those that another one followed sooner are dropped, with a record of each.":
    "Ein Ereignis wartet, bis so lange kein anderes kam; solche, denen früher ein anderes folgte, werden verworfen und jedes vermerkt.",
  "After an event that was let in, others are dropped for so long, with a record of each.":
    "Nach einem Ereignis, das durchgelassen wurde, werden andere so lange verworfen und jedes vermerkt.",
  "Switched off when so many firings in a row failed; 0 never does.":
    "Wird ausgeschaltet, wenn so viele Abläufe nacheinander gescheitert sind; 0 tut das nie.",
  "Its runs go before those of smaller priority.":
    "Ihre Läufe kommen vor solchen mit kleinerem Vorrang.",
  "When its runs are tried again, unless a step says its own.":
    "Wann ihre Läufe noch einmal versucht werden, wenn ein Schritt nichts Eigenes sagt.",
  "How many in all.":
    "Wie viele insgesamt.",
  "Pause before the second attempt; it doubles each time.":
    "Pause vor dem zweiten Versuch; sie verdoppelt sich jedes Mal.",
  "No pause is longer than this.":
    "Keine Pause ist länger als das.",
  "After which failures. Left out: all but `node_failed`. A run that took its worker down twice while alone in it is never tried again, nor is a refused graph.":
    "Nach welchem Scheitern. Ohne Angabe: nach allem außer `node_failed`. Ein Lauf, der seinen Worker zweimal mitgerissen hat, als er allein darin war, wird nie noch einmal versucht, auch kein abgelehnter Graph.",
  "Parameters with other values from the second attempt on: templates that see `attempt`, `parameters` (the last ones) and `error`, or lists of values, one for each attempt.":
    "Parameter mit anderen Werten vom zweiten Versuch an: Vorlagen, die `attempt`, `parameters` (die letzten) und `error` sehen, oder Listen von Werten, einer für jeden Versuch.",
  "After running out of memory: for how long later runs of the step begin with the values of `change` that were enough, such as 7 days. Left out, each begins with those that were asked for.":
    "Nach zu wenig Speicher: wie lange spätere Läufe des Schritts mit den Werten aus `change` beginnen, die genügt haben, etwa 7 days. Ohne Angabe beginnt jeder mit denen, die verlangt waren.",
  "Values for templates; texts may be templates.":
    "Werte für Vorlagen; Texte dürfen selbst Vorlagen sein.",
  "The same, worked out when the automation is read, so that the settings of triggers may be templates that ask for them.":
    "Dasselbe, aber ausgerechnet, wenn die Automation gelesen wird, so dass Angaben von Auslösern Vorlagen sein dürfen, die danach fragen.",
  "What becomes of a folder trigger's file afterwards.":
    "Was danach aus der Datei eines Ordner-Auslösers wird.",
  "`keep`, `delete`, or `{move: FOLDER}`, counted from the watched.":
    "`keep` (bleibt), `delete` (wird gelöscht) oder `{move: ORDNER}`, vom beobachteten Ordner aus.",
  "The same for a firing that failed.":
    "Dasselbe für einen Ablauf, der gescheitert ist.",
  "How long its `firings`, `runs`, `progress` and `outputs` are kept, as in `hub.yaml`, whose limits of the same kind do not hold for it then.":
    "Wie lange ihre `firings`, `runs`, `progress` und `outputs` bleiben, wie in `hub.yaml`, dessen Grenzen derselben Art dann nicht für sie gelten.",
  "What is older goes. Without it: however old.":
    "Was älter ist, geht. Ohne Angabe: gleich wie alt.",
  "Only the latest so many stay. Without it: any number.":
    "Nur die letzten so vielen bleiben. Ohne Angabe: beliebig viele.",
  "Only the latest that fit in so much stay. Without it: any amount.":
    "Nur die letzten, die zusammen so groß sind, bleiben. Ohne Angabe: gleich wie viel.",
  "Fires when something happens to a file below a folder.":
    "Löst aus, wenn mit einer Datei in einem Ordner etwas geschieht.",
  "Name of this trigger in the automation.":
    "Name dieses Auslösers in der Automation.",
  "What people call this trigger.":
    "Wie Menschen diesen Auslöser nennen.",
  "Whether it watches at all.":
    "Ob er überhaupt wacht.",
  "Variables for conditions and actions; templates.":
    "Variablen für Bedingungen und Aktionen; Vorlagen.",
  "The folder to watch; relative ones count from the configuration folder. It must lie in one of the allowed folders.":
    "Der Ordner, der beobachtet wird; relative zählen vom Ordner der Konfiguration aus. Er muss in einem der erlaubten Ordner liegen.",
  "Names of files to look at, such as *.jpg. Left out: all whose suffix is known as that of the wanted media.":
    "Namen von Dateien, die angesehen werden, etwa *.jpg. Ohne Angabe: alle, deren Endung als die der gewünschten Medien bekannt ist.",
  "Names of files and folders to leave alone, besides dotfiles, *.part, *.crdownload, *.tmp, Thumbs.db and @eaDir.":
    "Namen von Dateien und Ordnern, die unbeachtet bleiben, außer Punktdateien, *.part, *.crdownload, *.tmp, Thumbs.db und @eaDir.",
  "A regular expression that must be found in the path below the folder; its named groups become `trigger.match`.":
    "Ein regulärer Ausdruck, der im Pfad unterhalb des Ordners vorkommen muss; seine benannten Gruppen werden zu `trigger.match`.",
  "Kind of media to look at.":
    "Welche Art von Medien angesehen wird.",
  "Whether folders below are looked into.":
    "Ob auch Ordner darunter durchsucht werden.",
  "How many levels of folders below are looked into; all when left out.":
    "Wie viele Ebenen von Ordnern darunter durchsucht werden; alle ohne Angabe.",
  "What happens to a file that makes an event.":
    "Was mit einer Datei geschehen muss, damit es ein Ereignis ist.",
  "For how long a file must stay unchanged before it is opened.":
    "Wie lange eine Datei unverändert bleiben muss, bevor sie geöffnet wird.",
  "Files that were there before: `since_last_run` takes those that came since the trigger last watched, and none at its very first start; `process` takes them then, too; `skip` never does.":
    "Dateien, die vorher schon da waren: `since_last_run` nimmt solche, die kamen, seit der Auslöser zuletzt wachte, und beim allerersten Start keine; `process` nimmt sie auch dann; `skip` nie.",
  "Whether the folder is looked through at intervals instead of being watched; `auto` does so on NFS, CIFS and FUSE.":
    "Ob der Ordner in Abständen durchgesehen statt beobachtet wird; `auto` tut das auf NFS, CIFS und FUSE.",
  "With polling: how often to look.":
    "Beim Durchsehen: wie oft.",
  "A file whose content led to an event of this automation before: `skip` notes it and does nothing, `run` takes it like any other.":
    "Eine Datei, deren Inhalt schon einmal zu einem Ereignis dieser Automation führte: `skip` vermerkt das und tut nichts, `run` nimmt sie wie jede andere.",
  "Gathers files: many of them make one event, with `trigger.files`.":
    "Sammelt Dateien: viele von ihnen ergeben ein Ereignis, mit `trigger.files`.",
  "So many files are an event at once.":
    "So viele Dateien sind sofort ein Ereignis.",
  "Fewer are one if no other came for so long.":
    "Weniger sind eines, wenn so lange keine andere kam.",
  "Only files for which this is the same go together: `relative_dir`, `stem`, `suffix`, `event_type`, or `match.` with the name of a group of `regex`.":
    "Nur Dateien, für die das gleich ist, gehören zusammen: `relative_dir`, `stem`, `suffix`, `event_type` oder `match.` mit dem Namen einer Gruppe von `regex`.",
  "When a file that never stops changing is shown in quarantine.":
    "Wann eine Datei, die sich immer weiter ändert, als unbrauchbar gezeigt wird.",
  "Fires when somebody says so, on the page, by command or by request.":
    "Löst aus, wenn jemand es sagt: auf der Seite, per Befehl oder auf Anfrage.",
  "What is to be filled in, by name.":
    "Was auszufüllen ist, nach Namen.",
  "Fires once each time that the queue has been empty for so long.":
    "Löst jedes Mal einmal aus, wenn die Warteschlange so lange leer war.",
  "For how long nothing must have been waiting or running.":
    "Wie lange nichts gewartet haben oder gelaufen sein darf.",
  "Fires when a run has ended.":
    "Löst aus, wenn ein Lauf geendet hat.",
  "Only runs that these automations started; of any, and of none, without.":
    "Nur Läufe, die diese Automationen begannen; ohne Angabe die von allen und von keiner.",
  "Only runs of these saved workflows; of any without.":
    "Nur Läufe dieser gespeicherten Workflows; ohne Angabe von allen.",
  "Only runs that ended so: `succeeded`, `failed`, `cancelled`.":
    "Nur Läufe, die so endeten: `succeeded`, `failed`, `cancelled`.",
  "Only runs with one of these `tags`; of any, and of none, without.":
    "Nur Läufe mit einem dieser `tags`; ohne Angabe mit irgendeinem oder keinem.",
  "Fires at moments known beforehand.":
    "Löst zu Zeitpunkten aus, die vorher bekannt sind.",
  "Time zone, such as Europe/Berlin; the hub's when left out.":
    "Zeitzone, etwa Europe/Berlin; ohne Angabe die des Hubs.",
  "By chance each moment runs up to this much later.":
    "Durch Zufall beginnt es jedes Mal um bis zu so viel später.",
  "What becomes of missed moments: `run_once` (the newest stands for all), `run_all`, or `skip`.":
    "Was aus verpassten Zeitpunkten wird: `run_once` (der neueste steht für alle), `run_all` (alle) oder `skip` (keiner).",
  "With `run_all`: how many missed moments run at most, the newest.":
    "Mit `run_all`: wie viele verpasste Zeitpunkte höchstens nachgeholt werden, die neuesten.",
  "A moment missed by more than this is not made up for.":
    "Ein Zeitpunkt, der länger als das verpasst ist, wird nicht nachgeholt.",
  "Five fields (minute, hour, day, month, weekday), six with the second in front, or a shorthand such as @daily.":
    "Fünf Felder (Minute, Stunde, Tag, Monat, Wochentag), sechs mit der Sekunde davor, oder ein Kürzel wie @daily.",
  "An interval, counted from `start`, or else from midnight UTC.":
    "Ein Abstand, gezählt von `start` oder sonst von Mitternacht UTC an.",
  "Times of day such as 07:30, every day; or dates with a time such as 2026-12-24 18:00, each once.":
    "Uhrzeiten wie 07:30, jeden Tag; oder Tage mit Uhrzeit wie 2026-12-24 18:00, jeder einmal.",
  "Nothing happens before it; without an offset it is local time.":
    "Vorher geschieht nichts; ohne Angabe einer Zone gilt die Ortszeit.",
  "Nothing happens after it; without an offset it is local time.":
    "Danach geschieht nichts; ohne Angabe einer Zone gilt die Ortszeit.",
  "Fires before the hub stops, which waits a little for what it starts.":
    "Löst aus, bevor der Hub endet; er wartet ein wenig auf das, was damit beginnt.",
  "Fires when the hub has started.":
    "Löst aus, wenn der Hub gestartet ist.",
  "Fires when the sun rises or sets.":
    "Löst aus, wenn die Sonne auf- oder untergeht.",
  "`sunrise` or `sunset`.":
    "`sunrise` (Aufgang) oder `sunset` (Untergang).",
  "How much later, such as 00:45:00; earlier with a minus in front.":
    "Wie viel später, etwa 00:45:00; mit einem Minus davor früher.",
  "Degrees north; that of `location:` in hub.yaml when left out.":
    "Grad nördlicher Breite; ohne Angabe die von `location:` in hub.yaml.",
  "Degrees east; that of `location:` in hub.yaml when left out.":
    "Grad östlicher Länge; ohne Angabe die von `location:` in hub.yaml.",
  "Fires at these times of day.":
    "Löst zu diesen Uhrzeiten aus.",
  "Times of day such as 07:30:00, or dates with a time such as 2026-12-24 18:00, each once.":
    "Uhrzeiten wie 07:30:00 oder Tage mit Uhrzeit wie 2026-12-24 18:00, jeder einmal.",
  "Only on these days: mon, tue, wed, thu, fri, sat, sun.":
    "Nur an diesen Tagen: mon, tue, wed, thu, fri, sat, sun (Montag bis Sonntag).",
  "Fires when hours, minutes and seconds match.":
    "Löst aus, wenn Stunden, Minuten und Sekunden passen.",
  "0 to 23, `/n` for those that n divides, or `*`.":
    "0 bis 23, `/n` für alle, die n teilt, oder `*`.",
  "0 to 59, `/n` for those that n divides, or `*`.":
    "0 bis 59, `/n` für alle, die n teilt, oder `*`.",
  "Fires when a request comes to `/api/webhook/{webhook_id}`.":
    "Löst aus, wenn eine Anfrage an `/api/webhook/{webhook_id}` kommt.",
  "Last part of the address: letters, digits, - and _; at least 8 of them, with neither `token` nor `auth` at least 32.":
    "Letzter Teil der Adresse: Buchstaben, Ziffern, - und _; mindestens 8 davon, ohne `token` und `auth` mindestens 32.",
  "What a caller sends as `Authorization: Bearer …`; short for `auth`.":
    "Was ein Anrufer als `Authorization: Bearer …` schickt; kurz für `auth`.",
  "How a caller shows that it may: `type` is none, bearer, basic, hmac, github, stripe, slack or standard_webhooks.":
    "Wie ein Anrufer zeigt, dass er darf: `type` ist none, bearer, basic, hmac, github, stripe, slack oder standard_webhooks.",
  "Methods that are taken.":
    "Methoden, die angenommen werden.",
  "Whether only callers in the hub's own network are let in.":
    "Ob nur Anrufer aus dem eigenen Netz des Hubs eingelassen werden.",
  "Addresses or networks (CIDR) of callers, instead of `local_only`.":
    "Adressen oder Netze (CIDR) von Anrufern, statt `local_only`.",
  "Header, or template, that names a delivery: the same value again is the same event. Services of `auth` have their own.":
    "Kopfzeile oder Vorlage, die eine Zustellung benennt: noch einmal derselbe Wert ist dasselbe Ereignis. Die Dienste von `auth` haben ihre eigene.",
  "Most requests in a time, such as 10/min.":
    "Höchstens so viele Anfragen in einer Zeit, etwa 10/min.",
  "Most bytes a body may have.":
    "Wie viele Bytes eine Anfrage höchstens haben darf.",
  "`accepted` answers at once, `wait` when all is done, `stream` tells what happens meanwhile.":
    "`accepted` antwortet sofort, `wait`, wenn alles getan ist, `stream` erzählt, was inzwischen geschieht.",
  "With `wait` and `stream`: for how long.":
    "Mit `wait` und `stream`: wie lange.",
  "With `wait`: what is answered.":
    "Mit `wait`: was geantwortet wird.",
  "The first file that came of it, as it is.":
    "Die erste Datei, die herauskam, wie sie ist.",
  "A template, which sees `trigger` and what the report has.":
    "Eine Vorlage, die `trigger` sieht und was der Bericht hat.",
  "The status of success.":
    "Der Status bei Erfolg.",
  "Further headers, such as `Content-Type`.":
    "Weitere Kopfzeilen, etwa `Content-Type`.",
  "All of what is asked holds of the hub.":
    "Alles, wonach gefragt wird, trifft auf den Hub zu.",
  "What people call this condition.":
    "Wie Menschen diese Bedingung nennen.",
  "False leaves the condition out.":
    "false lässt die Bedingung weg.",
  "At most so many runs wait for a worker.":
    "Höchstens so viele Läufe warten auf einen Worker.",
  "At least so much is free on the data disk.":
    "Mindestens so viel ist auf der Platte mit den Daten frei.",
  "At least so much memory is free on a worker's device, the one with the most, as the workers told last.":
    "Mindestens so viel Speicher ist auf dem Gerät eines Workers frei, auf dem mit dem meisten, wie die Worker zuletzt sagten.",
  "This file of models is there, such as `checkpoints/sd15.safetensors`.":
    "Diese Modelldatei ist da, etwa `checkpoints/sd15.safetensors`.",
  "All of what is asked holds of the file.":
    "Alles, wonach gefragt wird, trifft auf die Datei zu.",
  "image, video or audio; several may be listed.":
    "image, video oder audio (Bild, Film, Ton); auch mehrere.",
  "Pixels.":
    "Bildpunkte.",
  "Width divided by height.":
    "Breite geteilt durch Höhe.",
  "landscape, portrait or square.":
    "landscape (quer), portrait (hoch) oder square (quadratisch).",
  "Whether it has transparency.":
    "Ob sie durchsichtige Stellen hat.",
  "Of the file, such as 2 MB.":
    "Der Datei, etwa 2 MB.",
  "Of the file, such as 50 MB.":
    "Der Datei, etwa 50 MB.",
  "Such as 10s.":
    "Etwa 10s.",
  "Such as 5 min.":
    "Etwa 5 min.",
  "Frames per second.":
    "Bilder in der Sekunde.",
  "How many pictures it holds.":
    "Wie viele Bilder sie enthält.",
  "Patterns for tags, such as `Model: 'iPhone*'`; `*` wants any value.":
    "Muster für Angaben darin, etwa `Model: 'iPhone*'`; `*` will irgendeinen Wert.",
  "All of these automations are in one of these states.":
    "Alle diese Automationen sind in einem dieser Zustände.",
  "Such as `automation.upscale`.":
    "Etwa `automation.upscale`.",
  "`on`, `off` or `unavailable`.":
    "`on`, `off` oder `unavailable`.",
  "A template that says yes: true, a number other than 0, or `yes`, `on`, `enable`.":
    "Eine Vorlage, die Ja sagt: true, eine andere Zahl als 0, oder `yes`, `on`, `enable`.",
  "The template.":
    "Die Vorlage.",
  "From `after` on and until `before`, which may lie behind midnight, on these weekdays.":
    "Von `after` an und bis `before`, auch über Mitternacht, an diesen Wochentagen.",
  "From this time of day on.":
    "Von dieser Uhrzeit an.",
  "Until just before this time; if it is earlier than `after`, tomorrow's.":
    "Bis kurz vor dieser Uhrzeit; liegt sie vor `after`, dann morgen.",
  "The event came from one of these triggers.":
    "Das Ereignis kam von einem dieser Auslöser.",
  "Ids of triggers, or their places from 0.":
    "Namen von Auslösern oder ihre Plätze, von 0 an.",
  "All of them hold.":
    "Sie treffen alle zu.",
  "The conditions.":
    "Die Bedingungen.",
  "One of them holds.":
    "Eine von ihnen trifft zu.",
  "None of them holds.":
    "Keine von ihnen trifft zu.",
  "Carry out a saved workflow and wait for its outputs.":
    "Führt einen gespeicherten Workflow aus und wartet auf seine Ausgaben.",
  "Name under which later steps see the result.":
    "Name, unter dem spätere Schritte das Ergebnis sehen.",
  "What people call this step.":
    "Wie Menschen diesen Schritt nennen.",
  "False leaves the step out.":
    "false lässt den Schritt weg.",
  "Whether the next step is carried out if this one fails.":
    "Ob der nächste Schritt ausgeführt wird, wenn dieser scheitert.",
  "Name of a saved workflow.":
    "Name eines gespeicherten Workflows.",
  "Values for its parameters; texts may be templates. In a sweep they see the combination as `matrix`.":
    "Werte für seine Parameter; Texte dürfen Vorlagen sein. Mit `matrix` sehen sie die Zusammenstellung als `matrix`.",
  "A sweep: parameters, each with a list of values or a template that gives one. Every combination is run, at most 1000.":
    "Alle Zusammenstellungen: Parameter, jeder mit einer Liste von Werten oder einer Vorlage, die eine ergibt. Jede Zusammenstellung wird ausgeführt, höchstens 1000.",
  "False goes on to the next step without waiting for the end.":
    "false geht zum nächsten Schritt weiter, ohne auf das Ende zu warten.",
  "A run that makes no progress for so long, such as 10 min, is ended. How long it takes in all, or waits for a worker, does not count.":
    "Ein Lauf, der so lange nicht vorankommt, etwa 10 min, wird beendet. Wie lange er insgesamt braucht oder auf einen Worker wartet, zählt nicht.",
  "Words by which `run_finished` triggers may pick the runs.":
    "Wörter, nach denen Auslöser `run_finished` die Läufe auswählen können.",
  "Goes before runs of smaller priority; else the automation's.":
    "Kommt vor Läufen mit kleinerem Vorrang; sonst gilt der Vorrang der Automation.",
  "When a failed run is tried again; else the automation's.":
    "Wann ein gescheiterter Lauf noch einmal versucht wird; sonst gilt, was die Automation sagt.",
  "Put a run's outputs where people want them.":
    "Legt die Ausgaben eines Laufs dorthin, wo Menschen sie haben wollen.",
  "The outputs: a template such as `{{ result.outputs }}`.":
    "Die Ausgaben: eine Vorlage wie `{{ result.outputs }}`.",
  "Template of each file's path, with `output` and `loop.index`. Relative paths count from the configuration folder; a taken name gets a number.":
    "Vorlage für den Pfad jeder Datei, mit `output` und `loop.index`. Relative Pfade zählen vom Ordner der Konfiguration aus; ein vergebener Name bekommt eine Nummer.",
  "Find the outputs of the last hours, oldest first.":
    "Findet die Ausgaben der letzten Stunden, die ältesten zuerst.",
  "How far back to look.":
    "Wie weit zurück.",
  "Only outputs of this automation's runs.":
    "Nur Ausgaben von Läufen dieser Automation.",
  "Only files of this kind, such as `.jpg`.":
    "Nur Dateien dieser Art, etwa `.jpg`.",
  "The latest so many.":
    "Die letzten so vielen.",
  "With fewer than this the firing stops here.":
    "Bei weniger als so vielen endet der Ablauf hier.",
  "Put files elsewhere.":
    "Legt Dateien woandershin.",
  "The file, or a list: paths, such as `{{ trigger.path }}`, or outputs. Relative paths count from the configuration folder.":
    "Die Datei oder eine Liste: Pfade, etwa `{{ trigger.path }}`, oder Ausgaben. Relative Pfade zählen vom Ordner der Konfiguration aus.",
  "Template of each file's new path, with `file` (`path`, `name`, `stem`, `suffix`, `folder`, `size`) and `loop.index`. With `/` at its end it is a folder. A taken name gets a number.":
    "Vorlage für den neuen Pfad jeder Datei, mit `file` (`path`, `name`, `stem`, `suffix`, `folder`, `size`) und `loop.index`. Mit `/` am Ende ist es ein Ordner. Ein vergebener Name bekommt eine Nummer.",
  "Put copies of files elsewhere.":
    "Legt Kopien von Dateien woandershin.",
  "Delete files.":
    "Löscht Dateien.",
  "Post something to an address elsewhere, until it gets there.":
    "Schickt etwas an eine Adresse anderswo, bis es ankommt.",
  "The address; a template.":
    "Die Adresse; eine Vorlage.",
  "Send this as JSON; texts may be templates.":
    "Schickt das als JSON; Texte dürfen Vorlagen sein.",
  "Send this as a form's fields instead.":
    "Schickt stattdessen das als Felder eines Formulars.",
  "Send this text, a template, as it is instead.":
    "Schickt stattdessen diesen Text, eine Vorlage, wie er ist.",
  "Send the content of this file, a path or an output, instead.":
    "Schickt stattdessen den Inhalt dieser Datei, ein Pfad oder eine Ausgabe.",
  "Files, such as `{{ result.outputs }}`, sent as a form's fields `file`, `file2` …, beside those of `form`, or of a field `json`.":
    "Dateien, etwa `{{ result.outputs }}`, als Felder `file`, `file2` … eines Formulars, neben denen von `form` oder einem Feld `json`.",
  "Further headers; templates. They are kept in the database.":
    "Weitere Kopfzeilen; Vorlagen. Sie werden in der Datenbank aufgehoben.",
  "Sign it, as Standard Webhooks says, with this secret of `deliveries: secrets:` in hub.yaml.":
    "Unterschreibt es nach Standard Webhooks mit diesem Geheimnis aus `deliveries: secrets:` in hub.yaml.",
  "Pause before the second attempt; it doubles each time, up to an hour, and varies by a fifth.":
    "Pause vor dem zweiten Versuch; sie verdoppelt sich jedes Mal, bis zu einer Stunde, und schwankt um ein Fünftel.",
  "How long one attempt may take.":
    "Wie lange ein Versuch dauern darf.",
  "False goes on to the next step without waiting for the answer.":
    "false geht zum nächsten Schritt weiter, ohne auf die Antwort zu warten.",
  "Tell people something, with pictures if wanted.":
    "Teilt Menschen etwas mit, auf Wunsch mit Bildern.",
  "The text; a template.":
    "Der Text; eine Vorlage.",
  "A line above it; a template.":
    "Eine Zeile darüber; eine Vorlage.",
  "Outputs or files that go along, such as `{{ result.outputs }}`.":
    "Ausgaben oder Dateien, die mitgehen, etwa `{{ result.outputs }}`.",
  "Of pictures and videos, a JPEG of at most so many pixels each way goes along; 0 sends the files themselves.":
    "Von Bildern und Filmen geht ein JPEG mit höchstens so vielen Bildpunkten je Seite mit; 0 schickt die Dateien selbst.",
  "Whom: names under `notify:` in hub.yaml. Left out: all of them.":
    "Wem: Namen unter `notify:` in hub.yaml. Ohne Angabe: allen.",
  "Fire other automations by an event of their own.":
    "Löst andere Automationen mit einem eigenen Ereignis aus.",
  "Which automations.":
    "Welche Automationen.",
  "Such as `automation.upscale`; templates.":
    "Etwa `automation.upscale`; Vorlagen.",
  "Whether the other automation's conditions are left out.":
    "Ob die Bedingungen der anderen Automation weggelassen werden.",
  "What the other automation's templates see as `trigger`; templates.":
    "Was die Vorlagen der anderen Automation als `trigger` sehen; Vorlagen.",
  "True goes on when they are done, with what came of it.":
    "true geht weiter, wenn sie fertig sind, mit dem, was daraus wurde.",
  "Turn automations on.":
    "Schaltet Automationen ein.",
  "Turn automations off.":
    "Schaltet Automationen aus.",
  "Whether firings under way end; Home Assistant's default is true.":
    "Ob begonnene Abläufe enden; bei Home Assistant ist true üblich.",
  "Turn automations off that are on, and the others on.":
    "Schaltet Automationen aus, die an sind, und die anderen ein.",
  "Read the configuration again.":
    "Liest die Konfiguration noch einmal.",
  "Wait for a while before the next step.":
    "Wartet eine Weile vor dem nächsten Schritt.",
  "How long, such as 30s, or a template.":
    "Wie lange, etwa 30s, oder eine Vorlage.",
  "Wait until a trigger fires.":
    "Wartet, bis ein Auslöser auslöst.",
  "The triggers; the first that fires ends the wait.":
    "Die Auslöser; der erste, der auslöst, beendet das Warten.",
  "How long to wait at most. Left out: for ever.":
    "Wie lange höchstens gewartet wird. Ohne Angabe: für immer.",
  "False ends the firing when the time is up.":
    "false beendet den Ablauf, wenn die Zeit um ist.",
  "Wait until a template says yes.":
    "Wartet, bis eine Vorlage Ja sagt.",
  "The template; it is looked at every second.":
    "Die Vorlage; sie wird jede Sekunde angesehen.",
  "Set variables; each may use those above it.":
    "Setzt Variablen; jede darf die über ihr benutzen.",
  "Names and values; texts may be templates.":
    "Namen und Werte; Texte dürfen Vorlagen sein.",
  "Go on only if a condition holds; else the innermost sequence ends here.":
    "Geht nur weiter, wenn eine Bedingung zutrifft; sonst endet die innerste Folge hier.",
  "End the firing.":
    "Beendet den Ablauf.",
  "Why; a template.":
    "Warum; eine Vorlage.",
  "Whether that is a failure.":
    "Ob das ein Scheitern ist.",
  "The variable that whoever waits for the firing gets as its response.":
    "Die Variable, die als Antwort bekommt, wer auf den Ablauf wartet.",
  "Several actions as one.":
    "Mehrere Aktionen als eine.",
  "The actions.":
    "Die Aktionen.",
  "Carry out one sequence or another.":
    "Führt die eine oder die andere Folge aus.",
  "If they all hold.":
    "Wenn sie alle zutreffen.",
  "If not.":
    "Wenn nicht.",
  "Carry out the first option whose conditions all hold.":
    "Führt die erste Möglichkeit aus, deren Bedingungen alle zutreffen.",
  "The options, in order.":
    "Die Möglichkeiten, der Reihe nach.",
  "When it is taken.":
    "Wann sie gewählt wird.",
  "What is done then.":
    "Was dann getan wird.",
  "If none is taken.":
    "Wenn keine gewählt wird.",
  "Carry out a sequence several times; it sees `repeat.index`, `.first`, `.last`, `.item`.":
    "Führt eine Folge mehrmals aus; sie sieht `repeat.index`, `.first`, `.last`, `.item`.",
  "How often, and what.":
    "Wie oft, und was.",
  "What is done each time.":
    "Was jedes Mal getan wird.",
  "So many times; may be a template.":
    "So viele Male; auch eine Vorlage.",
  "A list, or a template that gives one.":
    "Eine Liste, oder eine Vorlage, die eine ergibt.",
  "As long as these hold, looked at before.":
    "Solange sie zutreffen; vorher angesehen.",
  "Until these hold, looked at afterwards.":
    "Bis sie zutreffen; nachher angesehen.",
  "Carry out several branches at the same time.":
    "Führt mehrere Zweige zugleich aus.",
  "The branches: actions, or lists of actions.":
    "Die Zweige: Aktionen oder Listen von Aktionen.",
};
