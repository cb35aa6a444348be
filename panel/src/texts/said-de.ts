import type { SaidTable } from './say-again.ts';

/** What the box says, in German; the English side is that of its source, which a test compares. */
export const saidInGerman: SaidTable = {
  and: 'und',
  words: {
    address: 'die Adresse',
    target: 'das Ziel',
    preference: 'der Vorrang',
    priority: 'der Vorrang',
    weight: 'das Gewicht',
    port: 'der Port',
    flags: 'die Flags',
    tag: 'das Tag',
    value: 'der Wert',
    text: 'der Text',
    'mail server': 'der Mailserver',
    'canonical name': 'der kanonische Name',
    nameserver: 'der Nameserver',
    name: 'der Name',
    order: 'die Reihenfolge',
    services: 'die Dienste',
    regexp: 'der Regexp',
    replacement: 'der Ersatz',
    'key tag': 'das Key Tag',
    algorithm: 'der Algorithmus',
    'digest type': 'der Digest-Typ',
    digest: 'der Digest',
    protocol: 'das Protokoll',
    'public key': 'der öffentliche Schlüssel',
    'certificate usage': 'die Zertifikatsverwendung',
    selector: 'der Selektor',
    'matching type': 'der Abgleichtyp',
    'certificate association data': 'die Zertifikatsdaten',
    'fingerprint type': 'der Fingerabdrucktyp',
    fingerprint: 'der Fingerabdruck',
    latitude: 'die Breite',
    longitude: 'die Länge',
    altitude: 'die Höhe',
    size: 'die Größe',
    cpu: 'die CPU',
    'operating system': 'das Betriebssystem',
    characters: 'Zeichen',
    entries: 'Einträge',
    records: 'Einträge',
    octets: 'Oktette',
    domain: 'die Domain',
    zone: 'die Zone',
    mailbox: 'das Postfach',
    alias: 'der Alias',
    job: 'der Auftrag',
    'a string': 'ein Text',
    'a number': 'eine Zahl',
    'an int': 'eine ganze Zahl',
    'a boolean': 'true oder false',
    'an array': 'eine Liste',
    'an object': 'ein Objekt',
    first: 'erste',
    second: 'zweite',
    third: 'dritte',
    exchange: 'der Mailserver',
    parameter: 'der Parameter',
  },
  sentences: {
    'There is no account {0}.': 'Es gibt kein Konto {0}.',
    'There is an account {0} already.': 'Ein Konto {0} gibt es schon.',
    '{0} is the last owner. Make another account an owner first.':
      '{0} ist der letzte Eigentümer. Mache zuerst ein anderes Konto zum Eigentümer.',
    'A mailbox user has no account that could be changed.':
      'Wer nur ein Postfach hat, hat kein Konto, das sich ändern ließe.',
    'Only an owner may add, change or remove an owner; or whoever is on the box itself, with `signpost account`.':
      'Nur ein Eigentümer darf Eigentümer hinzufügen, ändern oder entfernen, oder wer an der Box selbst sitzt, mit `signpost account`.',
    'A name is an e-mail address or a user name: at most {0} characters without spaces.':
      'Ein Name ist eine Mailadresse oder ein Benutzername: höchstens {0} Zeichen, ohne Leerzeichen.',
    'Name the domains that the account administers.': 'Nenne die Domains, die das Konto verwaltet.',
    'Only a domain administrator has domains, {0} has all.':
      'Nur wer einzelne Domains verwaltet, hat welche; {0} hat alle.',
    'An account has at most {0} domains.': 'Ein Konto hat höchstens {0} Domains.',
    'There is no domain {0} on this box.': 'Auf dieser Box gibt es keine Domain {0}.',
    'The passkey is unknown here, or it was not used in time. Try again.':
      'Der Passkey ist hier unbekannt oder wurde nicht rechtzeitig verwendet. Versuche es noch einmal.',
    'The passkey was used elsewhere meanwhile, or is a copy.':
      'Der Passkey wurde inzwischen woanders verwendet oder ist eine Kopie.',
    'The passkey cannot be taken: it was not made here, or not in time. Try again.':
      'Der Passkey wird nicht genommen: Er wurde nicht hier gemacht oder nicht rechtzeitig. Versuche es noch einmal.',
    'The passkey cannot be taken. Try again.': 'Der Passkey wird nicht genommen. Versuche es noch einmal.',
    'This passkey is known already.': 'Dieser Passkey ist schon bekannt.',
    'You have {0} passkeys: remove one that is used no more.':
      'Du hast {0} Passkeys: Entferne einen, der nicht mehr verwendet wird.',
    'There is no such passkey.': 'Diesen Passkey gibt es nicht.',
    'The passkey is that of another account.': 'Der Passkey gehört zu einem anderen Konto.',
    'Too many passwords were tried. Wait {0} seconds.':
      'Zu viele Passwörter wurden versucht. Warte {0} Sekunden.',
    'Nothing waits to be confirmed. Begin again.':
      'Nichts wartet auf eine Bestätigung. Fange noch einmal an.',
    'The code is not the one of now. See that the clock of the device is right, and give the next code.':
      'Der Code ist nicht der von jetzt. Sieh nach, ob die Uhr des Geräts stimmt, und gib den nächsten Code ein.',
    'There is no second factor.': 'Es gibt keinen zweiten Faktor.',
    'There is no session {0}.': 'Es gibt keine Sitzung {0}.',
    'Give the six digits that your authenticator app shows, or a recovery code.':
      'Gib die sechs Ziffern ein, die deine Authenticator-App zeigt, oder einen Wiederherstellungscode.',
    'The code is wrong, or was used already. Give the next one.':
      'Der Code ist falsch oder wurde schon verwendet. Gib den nächsten ein.',
    'The name or the password is wrong. Check both.': 'Der Name oder das Passwort ist falsch. Prüfe beides.',
    'Give the token a name that says what uses it.': 'Gib dem Token einen Namen, der sagt, was es benutzt.',
    "A token's name is one line of at most {0} characters.":
      'Der Name eines Tokens ist eine Zeile von höchstens {0} Zeichen.',
    'Give the token at least one scope.': 'Gib dem Token mindestens einen Scope.',
    'A token has at most {0} zones and names. Make another one.':
      'Ein Token hat höchstens {0} Zonen und Namen. Lege ein zweites an.',
    'Only dns:write can be limited to zones or names, {0} cannot.':
      'Nur dns:write lässt sich auf Zonen oder Namen beschränken, {0} nicht.',
    '{0} is no address or network; write 192.0.2.7 or 2001:db8::/48.':
      '{0} ist keine Adresse und kein Netz; schreibe 192.0.2.7 oder 2001:db8::/48.',
    'Write the time as 2027-01-31T12:00:00Z.': 'Schreibe die Zeit so: 2027-01-31T12:00:00Z.',
    '{0} is over already; give a time to come.': '{0} ist schon vorbei; gib eine Zeit in der Zukunft an.',
    'This token comes from --admin-token, --admin-token-file or a systemd credential; restart the box without it.':
      'Dieses Token kommt aus --admin-token, --admin-token-file oder einem systemd-Credential; starte die Box ohne es neu.',
    'There is no token {0}.': 'Es gibt kein Token {0}.',
    'Your password was given too long ago for this. Give it again to confirm the session, then repeat the request.':
      'Dein Passwort hast du vor zu langer Zeit dafür eingegeben. Gib es noch einmal ein, um die Sitzung zu bestätigen, und wiederhole die Anfrage.',
    'The token may not write records at {0}.': 'Das Token darf an {0} keine Einträge schreiben.',
    'You may not add {0}: its domain is none of yours.':
      '{0} darfst du nicht hinzufügen: Die Domain ist keine von deinen.',
    '{0} is none of your domains.': '{0} ist keine deiner Domains.',
    'Only an owner may do that to an owner.': 'Das darf bei einem Eigentümer nur ein Eigentümer.',
    "Private keys leave the box over its unix socket alone, whoever asks; ask there, with an administrator's leave ({0}).":
      'Private Schlüssel verlassen die Box nur über ihren Unix-Socket, wer auch fragt; frage dort, mit Erlaubnis eines Verwalters ({0}).',
    'Your account may not do this. An administrator can give it another role.':
      'Dein Konto darf das nicht. Ein Verwalter kann ihm eine andere Rolle geben.',
    '{0} An administrator can make another token with POST /api/v1/tokens.':
      '{0} Ein Verwalter kann mit POST /api/v1/tokens ein anderes Token anlegen.',
    'There is no {0} here; /api/docs lists what there is.':
      'Hier gibt es kein {0}; /api/docs zählt auf, was es gibt.',
    'The box is stopping. Try again when it is back.':
      'Die Box hält gerade an. Versuche es noch einmal, wenn sie wieder da ist.',
    'Use {0} here.': 'Hier geht nur {0}.',
    'A time is written like 2027-01-31T12:00:00Z.': 'Eine Zeit schreibt man so: 2027-01-31T12:00:00Z.',
    'This is the id of an entry.': 'Das ist die Kennung eines Eintrags.',
    'Send a token: `Authorization: Bearer TOKEN`. An administrator makes one with POST /api/v1/tokens.':
      'Sende ein Token: `Authorization: Bearer TOKEN`. Ein Verwalter legt mit POST /api/v1/tokens eines an.',
    'The session has ended. Sign in again.': 'Die Sitzung ist zu Ende. Melde dich wieder an.',
    'Send the body as JSON, with `Content-Type: application/json`.':
      'Sende den Inhalt als JSON, mit `Content-Type: application/json`.',
    'The body is not UTF-8. Send JSON in UTF-8.': 'Der Inhalt ist nicht UTF-8. Sende JSON in UTF-8.',
    'The body is not JSON: {0}.': 'Der Inhalt ist kein JSON: {0}.',
    'The body has half of a surrogate pair, which is no character.':
      'Der Inhalt hat ein halbes Surrogatpaar, das kein Zeichen ist.',
    'The body ended before it was complete.': 'Der Inhalt endete, bevor er vollständig war.',
    'The body may have {0} at most. Split the request.':
      'Der Inhalt darf höchstens {0} haben. Teile die Anfrage.',
    'The body may hold {0} values at most. Split the request.':
      'Der Inhalt darf höchstens {0} Werte haben. Teile die Anfrage.',
    'The body may have {0} levels of arrays and objects at most.':
      'Der Inhalt darf höchstens {0} Ebenen von Arrays und Objekten haben.',
    'This is not a mail address.': 'Das ist keine Mailadresse.',
    'Give at least one name.': 'Gib mindestens einen Namen an.',
    'A certificate has at most 100 names.': 'Ein Zertifikat hat höchstens 100 Namen.',
    'Seconds are not negative.': 'Sekunden sind nicht negativ.',
    'Two years are the most.': 'Mehr als zwei Jahre gehen nicht.',
    'This token follows events on {0} connections already. Close one first.':
      'Dieses Token folgt den Ereignissen schon auf {0} Verbindungen. Schließe zuerst eine.',
    '{0} streams are open. Try again later.': 'Es sind {0} Ströme offen. Versuche es später noch einmal.',
    'The id of an event is a number.': 'Die Kennung eines Ereignisses ist eine Zahl.',
    'Give a name.': 'Gib einen Namen an.',
    'A domain name has at most 255 octets.': 'Ein Domainname hat höchstens 255 Oktette.',
    'A TTL is a whole number of seconds.': 'Eine TTL ist eine ganze Zahl von Sekunden.',
    'A TTL is not negative.': 'Eine TTL ist nicht negativ.',
    'A TTL has at most 31 bits (RFC 2181 §8).': 'Eine TTL hat höchstens 31 Bit (RFC 2181 §8).',
    'A serial is a number of at most 32 bits.': 'Eine Seriennummer ist eine Zahl von höchstens 32 Bit.',
    'A serial has 32 bits.': 'Eine Seriennummer hat 32 Bit.',
    'A limit is a number from 1 to 500.': 'Eine Grenze ist eine Zahl von 1 bis 500.',
    'A limit is at least 1.': 'Eine Grenze ist mindestens 1.',
    'A limit is at most 500.': 'Eine Grenze ist höchstens 500.',
    'There is no {0} {1} on this box.': 'Auf dieser Box gibt es nicht: {0*} {1}.',
    'An Idempotency-Key has 1 to 255 visible ASCII characters, such as a UUID.':
      'Ein Idempotency-Key hat 1 bis 255 sichtbare ASCII-Zeichen, etwa eine UUID.',
    'The first request with this Idempotency-Key is still running. Try again in a second.':
      'Die erste Anfrage mit diesem Idempotency-Key läuft noch. Versuche es in einer Sekunde noch einmal.',
    'This Idempotency-Key was used for another request in the last 24 hours. Use a new key for a new request.':
      'Dieser Idempotency-Key wurde in den letzten 24 Stunden für eine andere Anfrage verwendet. Nimm für eine neue Anfrage einen neuen.',
    'An id is as the list has it: letters and digits.':
      'Eine Kennung ist, wie die Liste sie hat: Buchstaben und Ziffern.',
    'Give an id or a domain, not both.': 'Gib eine Kennung oder eine Domain an, nicht beides.',
    'Say which messages: give an id or a domain. Only retry is for all.':
      'Sage, welche Nachrichten: Gib eine Kennung oder eine Domain an. Nur der neue Versuch geht für alle.',
    'A user has visible ASCII characters, and no colon.':
      'Ein Benutzer hat sichtbare ASCII-Zeichen und keinen Doppelpunkt.',
    'A password has visible ASCII characters, and spaces between them.':
      'Ein Passwort hat sichtbare ASCII-Zeichen, mit Leerzeichen nur dazwischen.',
    'Take messages of a mebibyte at least.': 'Nimm Nachrichten von mindestens einem Mebibyte an.',
    'A message has at most 2 GiB.': 'Eine Nachricht hat höchstens 2 GiB.',
    'Allow at least one message; enabled: false lets nobody send.':
      'Erlaube mindestens eine Nachricht; mit enabled: false sendet niemand.',
    'Count over a minute at least.': 'Zähle über mindestens eine Minute.',
    'Count over 30 days at most.': 'Zähle über höchstens 30 Tage.',
    'A port is a number from 1 to 65535.': 'Ein Port ist eine Zahl von 1 bis 65535.',
    'A score is at least 0.1: what nobody complains of scores 0.':
      'Eine Punktzahl ist mindestens 0,1: Worüber niemand klagt, hat 0.',
    'A score is at most 1000.': 'Eine Punktzahl ist höchstens 1000.',
    'Give it a name that says what uses it.': 'Gib ihm einen Namen, der sagt, was es benutzt.',
    'Give a host.': 'Gib einen Host an.',
    'Give a password.': 'Gib ein Passwort an.',
    'Give an address.': 'Gib eine Adresse an.',
    'An address has at most 254 characters.': 'Eine Adresse hat höchstens 254 Zeichen.',
    'A quota is a whole number of octets.': 'Eine Quota ist eine ganze Zahl von Oktetten.',
    'A quota is not negative; 0 is none.': 'Eine Quota ist nicht negativ; 0 ist keine.',
    'A name has no line breaks and no other control characters.':
      'Ein Name hat keine Zeilenumbrüche und keine anderen Steuerzeichen.',
    'An hour is kept.': 'Eine Stunde wird aufbewahrt.',
    'The request cannot be read: {0}.': 'Die Anfrage lässt sich nicht lesen: {0}.',
    'A record type is a word such as A, MX or TYPE65280.':
      'Ein Eintragstyp ist ein Wort wie A, MX oder TYPE65280.',
    'Give the value as a zone file has it.': 'Gib den Wert so an, wie eine Zonendatei ihn hat.',
    'A record has at most 65,535 octets.': 'Ein Eintrag hat höchstens 65.535 Oktette.',
    'A preview is of at most {0} records.': 'Eine Vorschau geht für höchstens {0} Einträge.',
    'A language is written like de or pt-BR.': 'Eine Sprache schreibt man wie de oder pt-BR.',
    'Give it a name that says which device has it.': 'Gib ihm einen Namen, der sagt, welches Gerät ihn hat.',
    'Passkeys are for the host name of the box over HTTPS: open it at that, and not at an address.':
      'Passkeys gelten für den Hostnamen der Box über HTTPS: Öffne sie unter diesem und nicht unter einer Adresse.',
    'A session is for the pages of the box alone: the browser says that this comes from elsewhere. Programs send a token, and no cookie.':
      'Eine Sitzung ist nur für die Seiten der Box: Der Browser sagt, dass dies von anderswo kommt. Programme senden ein Token und kein Cookie.',
    'Write the secret in base64.': 'Schreibe das Geheimnis in Base64.',
    'A secret has 16 to 512 octets.': 'Ein Geheimnis hat 16 bis 512 Oktette.',
    'The path or query is not UTF-8. Write each octet of other characters as % and two hex digits, and a percent sign as %25.':
      'Der Pfad oder die Abfrage ist nicht UTF-8. Schreibe jedes Oktett anderer Zeichen als % und zwei Hexziffern, und ein Prozentzeichen als %25.',
    'There is no field of this name here.': 'Ein Feld dieses Namens gibt es hier nicht.',
    'Give the name that its certificate is for.': 'Gib den Namen an, für den sein Zertifikat ist.',
    'A pin is the SHA-256 of a public key, in base64.':
      'Ein Pin ist der SHA-256 eines öffentlichen Schlüssels, in Base64.',
    'Give certificates in PEM.': 'Gib Zertifikate in PEM an.',
    'Give the text of the zone file.': 'Gib den Text der Zonendatei an.',
    'Give the server to transfer from.': 'Gib den Server an, von dem übertragen wird.',
    'the CA gave no URL (Location)': 'Die Zertifizierungsstelle gab keine URL (Location)',
    'The CA at {0} refused with "{1}"; its words are in the detail.':
      'Die Zertifizierungsstelle unter {0} hat mit „{1}“ abgelehnt; ihre Worte stehen bei den Einzelheiten.',
    'The CA at {0} cannot be reached; check the network of the box, it tries again by itself.':
      'Die Zertifizierungsstelle unter {0} ist nicht erreichbar; prüfe das Netz der Box, sie versucht es von selbst wieder.',
    'The HTTPS certificate of the CA at {0} is not trusted; for a CA of your own give its roots with --acme-ca.':
      'Dem HTTPS-Zertifikat der Zertifizierungsstelle unter {0} wird nicht vertraut; für eine eigene gib ihre Wurzeln mit --acme-ca an.',
    'The CA at {0} did not come to an end in time; it is asked again by itself.':
      'Die Zertifizierungsstelle unter {0} kam nicht rechtzeitig zu einem Ende; sie wird von selbst wieder gefragt.',
    'A secondary nameserver does not have the record yet; see to it that it gets the zones of the box, or take it from the box settings.':
      'Ein sekundärer Nameserver hat den Eintrag noch nicht; sorge dafür, dass er die Zonen der Box bekommt, oder nimm ihn aus den Einstellungen der Box.',
    'What answers at {0} does not speak ACME (RFC 8555); check the URL of --acme-directory.':
      'Was unter {0} antwortet, spricht kein ACME (RFC 8555); prüfe die URL von --acme-directory.',
    'The CA at {0} has had enough requests for now; it is asked again when it allows it.':
      'Die Zertifizierungsstelle unter {0} hat vorerst genug Anfragen; sie wird wieder gefragt, sobald sie es erlaubt.',
    'A CAA record forbids this CA or this account; let the CAA of the domain name the CA that is set, or remove it.':
      'Ein CAA-Eintrag verbietet diese Zertifizierungsstelle oder dieses Konto; lass den CAA der Domain die eingestellte nennen, oder entferne ihn.',
    'The CA could not look up the domain; check at the registrar that its nameservers are those of the box, and its DS.':
      'Die Zertifizierungsstelle konnte die Domain nicht nachschlagen; prüfe beim Registrar, ob ihre Nameserver die der Box sind, und ihren DS.',
    'The CA did not find the record that the box published; check at the registrar that the domain is delegated to the box.':
      'Die Zertifizierungsstelle fand den Eintrag nicht, den die Box veröffentlicht hat; prüfe beim Registrar, ob die Domain zu dieser Box führt.',
    'The CA found another record than the one that the box published; check that all nameservers of the domain serve the same.':
      'Die Zertifizierungsstelle fand einen anderen Eintrag als den, den die Box veröffentlicht hat; prüfe, ob alle Nameserver der Domain dasselbe ausliefern.',
    'The CA could not reach the nameserver of the domain; check that port 53 of the box is open.':
      'Die Zertifizierungsstelle konnte den Nameserver der Domain nicht erreichen; prüfe, ob Port 53 der Box offen ist.',
    'The CA issues no certificates for this name, whoever asks.':
      'Die Zertifizierungsstelle stellt für diesen Namen keine Zertifikate aus, wer auch fragt.',
    'The CA issues no certificates for names of this kind.':
      'Die Zertifizierungsstelle stellt für Namen dieser Art keine Zertifikate aus.',
    'The CA at {0} wants an account with it first; give its key with --acme-eab-kid and --acme-eab-key.':
      'Die Zertifizierungsstelle unter {0} will zuerst ein Konto bei sich; gib seinen Schlüssel mit --acme-eab-kid und --acme-eab-key an.',
    'The CA at {0} does not know the account any more; the box registers a new one.':
      'Die Zertifizierungsstelle unter {0} kennt das Konto nicht mehr; die Box meldet ein neues an.',
    'The CA wants you to do something first, such as to agree to new terms; see the detail.':
      'Die Zertifizierungsstelle will, dass du zuerst etwas tust, etwa neuen Bedingungen zustimmst; siehe die Einzelheiten.',
    'The CA does not take keys of this kind; choose another key algorithm.':
      'Die Zertifizierungsstelle nimmt Schlüssel dieser Art nicht; wähle ein anderes Schlüsselverfahren.',
    'The CA does not take the request; choose another key algorithm.':
      'Die Zertifizierungsstelle nimmt den Antrag nicht; wähle ein anderes Schlüsselverfahren.',
    'The CA does not take the e-mail address; change --acme-email.':
      'Die Zertifizierungsstelle nimmt die Mailadresse nicht; ändere --acme-email.',
    'The CA does not know the profile that is set; choose one of its own or none.':
      'Die Zertifizierungsstelle kennt das eingestellte Profil nicht; wähle eines von ihr oder keines.',
    'The CA has renewed this certificate already; it is ordered anew.':
      'Die Zertifizierungsstelle hat dieses Zertifikat schon erneuert; es wird neu bestellt.',
    'The CA at {0} has trouble of its own; it is asked again by itself.':
      'Die Zertifizierungsstelle unter {0} hat selbst eine Störung; sie wird von selbst wieder gefragt.',
    'The CNAME records at _acme-challenge.{0} lead in a circle; remove them.':
      'Die CNAME-Einträge an _acme-challenge.{0} führen im Kreis; entferne sie.',
    '{0}, where the CA looks for {1}, is in no zone of the box; remove the CNAME that leads there, or add the domain with its DNS here.':
      '{0}, wo die Zertifizierungsstelle nach {1} sucht, liegt in keiner Zone der Box; entferne den CNAME, der dorthin führt, oder füge die Domain mit ihrem DNS hier hinzu.',
    "{0} belongs to the user {1}; it must be root's, or that of the box":
      '{0} gehört dem Benutzer {1}; es muss root gehören oder dem der Box',
    '{0} can be changed by others than its owner (chmod go-w {1})':
      '{0} kann von anderen als dem Besitzer geändert werden (chmod go-w {1})',
    '{0} is a symbolic link; put a script there that calls the program':
      '{0} ist ein symbolischer Link; lege dort ein Skript hin, das das Programm aufruft',
    '{0} is not executable (chmod +x {1})': '{0} ist nicht ausführbar (chmod +x {1})',
    'There is no certificate {0}.': 'Es gibt kein Zertifikat {0}.',
    'The names {0} have no certificate of a CA yet, and the self-signed one stays in the box. signpost cert show {1} says how the order goes.':
      'Für die Namen {0} gibt es noch kein Zertifikat einer Zertifizierungsstelle, und das selbst signierte bleibt in der Box. signpost cert show {1} sagt, wie es um die Bestellung steht.',
    'your own certificate ends; the CA gives the next one':
      'dein eigenes Zertifikat endet; die Zertifizierungsstelle gibt das nächste',
    'No request of the box has this key: give the private key with the certificate.':
      'Kein Antrag der Box hat diesen Schlüssel: Gib den privaten Schlüssel mit dem Zertifikat an.',
    'This is no private key in PEM without a passphrase.':
      'Das ist kein privater Schlüssel in PEM ohne Passphrase.',
    'An order for these names is under way; install it when that has ended.':
      'Für diese Namen läuft eine Bestellung; setze es ein, wenn sie zu Ende ist.',
    'the CA suggests it (ARI)': 'die Zertifizierungsstelle schlägt es vor (ARI)',
    'Give 1 to {0} names, such as mail.example.com.': 'Gib 1 bis {0} Namen an, etwa mail.example.com.',
    '{0} is not the name of a host.': '{0} ist nicht der Name eines Hosts.',
    '{0} is in no zone of the box; add its domain with its DNS here first.':
      '{0} liegt in keiner Zone der Box; füge zuerst die Domain mit ihrem DNS hier hinzu.',
    'The box was stopped in the middle; the order goes on where it was.':
      'Die Box wurde mittendrin angehalten; die Bestellung geht weiter, wo sie war.',
    'Something went wrong inside the box; its log has more.':
      'In der Box ging etwas schief; ihr Protokoll sagt mehr.',
    'The CA gave a certificate for another key.':
      'Die Zertifizierungsstelle gab ein Zertifikat für einen anderen Schlüssel.',
    'The CA gave something else than certificates.':
      'Die Zertifizierungsstelle gab etwas anderes als Zertifikate.',
    'The CA gave a certificate without {0}.': 'Die Zertifizierungsstelle gab ein Zertifikat ohne {0}.',
    'No CA is set; start the box with --acme-directory URL.':
      'Es ist keine Zertifizierungsstelle eingestellt; starte die Box mit --acme-directory URL.',
    'An order for these names is under way; ask again when that has ended.':
      'Für diese Namen läuft eine Bestellung; frage wieder, wenn sie zu Ende ist.',
    'The certificate for {0} is your own; have the CA that it comes from revoke it.':
      'Das Zertifikat für {0} ist dein eigenes; lass es von der Zertifizierungsstelle widerrufen, von der es kommt.',
    'There is no certificate for {0} yet, and so nothing to revoke.':
      'Für {0} gibt es noch kein Zertifikat und damit nichts zu widerrufen.',
    'The private key does not belong to the certificate of {0}: give the one that its request was made with.':
      'Der private Schlüssel gehört nicht zum Zertifikat von {0}: Gib den an, mit dem der Antrag gemacht wurde.',
    "The certificate of {0} is a CA's (basicConstraints CA:TRUE): ask for a server's.":
      'Das Zertifikat von {0} ist das einer Zertifizierungsstelle (basicConstraints CA:TRUE): Verlange das eines Servers.',
    'The certificate is not for servers (its extended key usage has no serverAuth): ask for a TLS server certificate.':
      'Das Zertifikat ist nicht für Server (seine Extended Key Usage hat kein serverAuth): Verlange ein TLS-Serverzertifikat.',
    'The certificate has no DNS names (subjectAltName), and clients look at nothing else: ask for one with them.':
      'Das Zertifikat hat keine DNS-Namen (subjectAltName), und Clients sehen nichts anderes an: Verlange eines mit ihnen.',
    'The certificate is not for {0}, only for {1}.': 'Das Zertifikat ist nicht für {0}, nur für {1}.',
    'The certificate of {0} expired on {1}: get a new one.':
      'Das Zertifikat von {0} ist am {1} abgelaufen: Hole ein neues.',
    'The certificate of {0} is valid only from {1}: install it then, or check the clock.':
      'Das Zertifikat von {0} gilt erst ab {1}: Setze es dann ein, oder prüfe die Uhr.',
    'The RSA key of {0} has {1} bits: clients want {2} or more.':
      'Der RSA-Schlüssel von {0} hat {1} Bit: Clients wollen {2} oder mehr.',
    'The key of {0} ({1}) is of a kind that browsers and mail servers do not take: use ECDSA P-256 or RSA.':
      'Der Schlüssel von {0} ({1}) ist von einer Art, die Browser und Mailserver nicht nehmen: Nimm ECDSA P-256 oder RSA.',
    'The certificate of {0} is signed with {1}, which clients refuse: get one signed with SHA-256.':
      'Das Zertifikat von {0} ist mit {1} signiert, was Clients ablehnen: Hole eines, das mit SHA-256 signiert ist.',
    'The signature of {0} on the certificate of {1} is wrong: they are not of the same chain.':
      'Die Signatur von {0} auf dem Zertifikat von {1} ist falsch: Sie sind nicht aus derselben Kette.',
    '{0} issued the certificate of {1} but is no CA (basicConstraints CA:TRUE, keyUsage keyCertSign).':
      '{0} hat das Zertifikat von {1} ausgestellt, ist aber keine Zertifizierungsstelle (basicConstraints CA:TRUE, keyUsage keyCertSign).',
    'CAs between {0} and the server: {1}, and it allows for {2} (basicConstraints pathlen); get a certificate from another of its CAs.':
      'Zertifizierungsstellen zwischen {0} und dem Server: {1}, und sie erlaubt {2} (basicConstraints pathlen); hole ein Zertifikat von einer anderen ihrer Stellen.',
    '{0} may not certify servers (its extended key usage has no serverAuth).':
      '{0} darf keine Server beglaubigen (seine Extended Key Usage hat kein serverAuth).',
    'The certificate is self-signed, so no client trusts it; the box serves one of its own until there is a better one.':
      'Das Zertifikat ist selbst signiert, sodass ihm kein Client vertraut; die Box zeigt ein eigenes, bis es ein besseres gibt.',
    "The certificate of {0} is missing: add the CA's certificates to the chain; those of a CA that browsers do not know up to its root.":
      'Das Zertifikat von {0} fehlt: Füge der Kette die Zertifikate der Zertifizierungsstelle hinzu, bei einer, die Browser nicht kennen, bis zu ihrer Wurzel.',
    'The {0} certificate is damaged: copy it again from where it came.':
      'Das {0*} Zertifikat ist beschädigt: Kopiere es noch einmal von dort, woher es kam.',
    "There are certificates of {0} servers ({1}): give one, with its CA's.":
      'Es sind Zertifikate von {0} Servern ({1}): Gib eines an, mit dem seiner Zertifizierungsstelle.',
    'A private key stands among the certificates: give it apart, never with the chain.':
      'Unter den Zertifikaten steht ein privater Schlüssel: Gib ihn für sich an, nie mit der Kette.',
    'This is a signing request: give the certificate that the CA made from it.':
      'Das ist ein Zertifikatsantrag: Gib das Zertifikat an, das die Zertifizierungsstelle daraus gemacht hat.',
    'This is PKCS #7: convert it with `openssl pkcs7 -print_certs -in FILE`.':
      'Das ist PKCS #7: Wandle es mit `openssl pkcs7 -print_certs -in FILE` um.',
    'There are {0} certificates; at most {1} are taken.':
      'Es sind {0} Zertifikate; höchstens {1} werden genommen.',
    '"BEGIN {0}" does not belong here: give certificates only.':
      '„BEGIN {0}“ gehört nicht hierher: Gib nur Zertifikate an.',
    'The certificate is cut off: it has no "-----END CERTIFICATE-----". Copy the whole file.':
      'Das Zertifikat ist abgeschnitten: Es hat kein „-----END CERTIFICATE-----“. Kopiere die ganze Datei.',
    'This is DER: convert it to PEM with `openssl x509 -inform der -in FILE`.':
      'Das ist DER: Wandle es mit `openssl x509 -inform der -in FILE` in PEM um.',
    'There is no certificate: give PEM, which begins with "-----BEGIN CERTIFICATE-----".':
      'Da ist kein Zertifikat: Gib PEM an, das mit „-----BEGIN CERTIFICATE-----“ beginnt.',
    'There is no check {0}; ask without ids for all of them.':
      'Es gibt keine Prüfung {0}; frage ohne Kennungen nach allen.',
    'The box has no hostname yet: set it with PUT /api/v1/box.':
      'Die Box hat noch keinen Hostnamen: Setze ihn in den Einstellungen.',
    '{0}, though one is made every day ({1}): see to that, or keep a backup of your own.':
      '{0}, obwohl jeden Tag eine gemacht wird ({1}): Kümmere dich darum, oder bewahre selbst eine Sicherung auf.',
    'stop the box, start it once with the flag --restore newest (it puts back the copy of {0}, keeps the damaged database aside, and ends), then start it as always; docs/repair.md says what is then as it was':
      'halte die Box an, starte sie einmal mit --restore newest (das holt die Kopie vom {0} zurück, legt die beschädigte Datenbank beiseite und endet), und starte sie dann wie immer; docs/repair.md sagt, was danach wie damals ist',
    'The database of the box is damaged, so nothing was changed; GET /api/v1/health with a token says what to do.':
      'Die Datenbank der Box ist beschädigt, deshalb wurde nichts geändert; die Prüfungen sagen, was zu tun ist.',
    "Others on this machine may read or hold {0}: make it its owner's alone with chmod 600 ({1}).":
      'Andere auf dieser Maschine können {0} lesen oder festhalten: Lass sie mit chmod 600 nur ihrem Besitzer ({1}).',
    'Others on this machine can list the data folder {0} or write to it: close it with chmod go-rw {1}.':
      'Andere auf dieser Maschine können den Datenordner {0} auflisten oder darin schreiben: Verschließe ihn mit chmod go-rw {1}.',
    'The database is damaged ({0}): {1}.': 'Die Datenbank ist beschädigt ({0}): {1}.',
    'What mailboxes send is not counted, and no limit holds, while {0} cannot be used ({1}).':
      'Was Postfächer senden, wird nicht gezählt, und keine Grenze gilt, solange {0} nicht benutzbar ist ({1}).',
    'There is no room left on the disk of the box, so nothing was changed; make room, and try again.':
      'Auf dem Datenträger der Box ist kein Platz mehr, deshalb wurde nichts geändert; schaffe Platz, und versuche es noch einmal.',
    'There was no room on the disk of the box when it started, so nothing can be changed; make room, and restart the box.':
      'Auf dem Datenträger der Box war beim Start kein Platz, deshalb lässt sich nichts ändern; schaffe Platz, und starte die Box neu.',
    'The data folder of the box can only be read, so nothing was changed; make the folder and its files writable to the box (look at the mount and the owner), and restart the box.':
      'Der Datenordner der Box lässt sich nur lesen, deshalb wurde nichts geändert; mache den Ordner und seine Dateien für die Box beschreibbar (sieh auf den Mount und den Besitzer), und starte sie neu.',
    'it does not speak DNS over TLS (ALPN "dot")': 'er spricht kein DNS über TLS (ALPN „dot“)',
    'its certificate is not trusted for {0} ({1})': 'seinem Zertifikat wird für {0} nicht vertraut ({1})',
    'the transfer of {0} is refused; allow AXFR from this box there':
      'die Übertragung von {0} wird abgelehnt; erlaube dort AXFR von dieser Box',
    'there can be a regexp or a replacement, but not both; write "." for no replacement':
      'es kann einen Regexp oder einen Ersatz geben, aber nicht beides; schreibe „.“ für keinen Ersatz',
    'this type is for messages only; no zone has such a record':
      'dieser Typ ist nur für Nachrichten; keine Zone hat einen solchen Eintrag',
    '{0} is for messages only; no zone has such a record':
      '{0} ist nur für Nachrichten; keine Zone hat einen solchen Eintrag',
    'the rdata is {0} octets long; 65535 is the limit':
      'der Wert ist {0} Oktette lang; höchstens 65535 sind möglich',
    '"{0}" is no parameter; use a known one or keyNNNNN':
      '„{0}“ ist kein Parameter; nimm einen bekannten oder keyNNNNN',
    '{0} is {1} octets long; {2} is the limit': '{0*} ist {1} Oktette lang; höchstens {2} sind möglich',
    '{0} has no text form of its own; write its rdata as \\# LENGTH HEX (RFC 3597)':
      '{0} hat keine eigene Textform; schreibe seinen Wert als \\# LÄNGE HEX (RFC 3597)',
    '"{0}" is no directive; there are $ORIGIN, $TTL, $INCLUDE and $GENERATE':
      '„{0}“ ist keine Anweisung; es gibt $ORIGIN, $TTL, $INCLUDE und $GENERATE',
    '$GENERATE would make {0} records; {1} is the limit':
      '$GENERATE würde {0} Einträge machen; höchstens {1} sind möglich',
    'a TTL is a number of seconds up to {0}, or with units as in 1h30m; not "{1}"':
      'eine TTL ist eine Zahl von Sekunden bis {0}, oder mit Einheiten wie 1h30m; nicht „{1}“',
    'class {0} is not supported; a zone here is of class IN':
      'Klasse {0} wird nicht unterstützt; eine Zone ist hier von der Klasse IN',
    '"{0}" is no known type; write another one as TYPEnnn \\# LENGTH HEX':
      '„{0}“ ist kein bekannter Typ; schreibe einen anderen als TYPEnnn \\# LÄNGE HEX',
    'the record has no TTL; put $TTL (for example $TTL 3600) before it':
      'der Eintrag hat keine TTL; schreibe $TTL (etwa $TTL 3600) davor',
    '"{0}" is relative, but there is no origin; put $ORIGIN before it or write the name with its final dot':
      '„{0}“ ist relativ, aber es gibt keinen Ursprung; schreibe $ORIGIN davor, oder den Namen mit seinem Punkt am Ende',
    '{0} zones are in trouble; the first {1} of them are named here.':
      '{0} Zonen haben eine Störung; die ersten {1} davon sind hier genannt.',
    "The zone of the box's own name cannot be served, and without it nobody finds the others: GET /api/v1/health with a token says why.":
      'Die Zone mit dem eigenen Namen der Box kann nicht ausgeliefert werden, und ohne sie findet niemand die anderen: Die Prüfungen sagen, warum.',
    'Zones are being read: {0} of {1} are served.': 'Zonen werden gelesen: {0} von {1} werden ausgeliefert.',
    '{0} of {1} zones cannot be served: GET /api/v1/health with a token names them.':
      '{0} von {1} Zonen können nicht ausgeliefert werden: Die Prüfungen nennen sie.',
    'The zone {0} cannot be published ({1}): {2}, and it is tried again at {3}.':
      'Die Zone {0} kann nicht veröffentlicht werden ({1}): {2}, und es wird um {3} wieder versucht.',
    'The newest version of the zone {0} cannot be read and is not served ({1}): signpost zone rebuild {2} makes it anew.':
      'Die neueste Version der Zone {0} lässt sich nicht lesen und wird nicht ausgeliefert ({1}): signpost zone rebuild {2} macht sie neu.',
    '"{0}" has letters that not every mail server takes before the @ (RFC 6531); use a to z, digits, dots and hyphens':
      '„{0}“ hat Buchstaben, die nicht jeder Mailserver vor dem @ nimmt (RFC 6531); nimm a bis z, Ziffern, Punkte und Bindestriche',
    'What stands before the @ has at most {0} characters (RFC 5321)':
      'Was vor dem @ steht, hat höchstens {0} Zeichen (RFC 5321)',
    'A mail address has at most {0} characters (RFC 5321)':
      'Eine Mailadresse hat höchstens {0} Zeichen (RFC 5321)',
    'The agent could not do it: {0}.': 'Der Agent konnte es nicht: {0}.',
    '{0} has not taken the new files over.': '{0} hat die neuen Dateien nicht übernommen.',
    '{0} It ended; its log says why.': '{0} Er ist beendet; sein Protokoll sagt, warum.',
    'No mail server here signs with DKIM keys.': 'Kein Mailserver hier unterschreibt mit DKIM-Schlüsseln.',
    'The keys that came before these are not known any more; send all anew.':
      'Die Schlüssel vor diesen sind nicht mehr bekannt; sende alle neu.',
    'User {0} may not ask the agent.': 'Der Benutzer {0} darf den Agenten nicht fragen.',
    'The agent cannot tell who asks.': 'Der Agent kann nicht erkennen, wer fragt.',
    'The request is too long.': 'Die Anfrage ist zu lang.',
    'The mail servers, as the user {0}, cannot read {1}: each folder above it must let them through. Under systemd the box needs a user of its own (docs/mail.md).':
      'Die Mailserver, als Benutzer {0}, können {1} nicht lesen: Jeder Ordner darüber muss sie durchlassen. Unter systemd braucht die Box einen eigenen Benutzer (docs/mail.md).',
    'Dovecot does not run, so that nobody knows what mailboxes hold; signpost mail status says why.':
      'Dovecot läuft nicht, sodass niemand weiß, was in den Postfächern liegt; signpost mail status sagt, warum.',
    'Dovecot took longer than {0} seconds to say what mailboxes hold.':
      'Dovecot brauchte länger als {0} Sekunden, um zu sagen, was in den Postfächern liegt.',
    'There is no log of {0}: it is not installed.':
      'Von {0} gibt es kein Protokoll: Es ist nicht installiert.',
    'The log of {0} is empty: it has said nothing yet, or does not run.':
      'Das Protokoll von {0} ist leer: Es hat noch nichts gesagt oder läuft nicht.',
    'The log at {0} is not read: it is a link, or no plain file.':
      'Das Protokoll {0} wird nicht gelesen: Es ist ein Verweis oder keine gewöhnliche Datei.',
    'The journal is not read: {0}.': 'Das Journal wird nicht gelesen: {0}.',
    'Lines are a number from 1 to 500.': 'Zeilen sind eine Zahl von 1 bis 500.',
    'Dovecot is not installed.': 'Dovecot ist nicht installiert.',
    'There is no mailbox {0}: only who has one here can send.':
      'Es gibt kein Postfach {0}: Senden kann nur, wer hier eines hat.',
    'The alias {0} is there already.': 'Den Alias {0} gibt es schon.',
    'There is a mailbox {0}: let it forward its mail, or retire it first.':
      'Es gibt ein Postfach {0}: Lass es seine Mail weiterleiten, oder lege es zuerst still.',
    'The alias {0} is there by itself: POST /api/v1/aliases with targets of your own leads it elsewhere.':
      'Den Alias {0} gibt es von selbst: Mit eigenen Zielen (POST /api/v1/aliases) führt er woandershin.',
    'There is no alias {0}.': 'Es gibt keinen Alias {0}.',
    'The directory that the mail servers read, {0}, cannot be written ({1}): what was changed of mailboxes and aliases does not work yet.':
      'Das Verzeichnis, das die Mailserver lesen, {0}, lässt sich nicht schreiben ({1}): Was an Postfächern und Aliassen geändert wurde, wirkt noch nicht.',
    'The secondary {0} ({1})': 'Der sekundäre Nameserver {0} ({1})',
    '{0} does not answer.': '{0} antwortet nicht.',
    '{0} does not have the record {1} yet.': '{0} hat den Eintrag {1} noch nicht.',
    'The secondary {0} has no address.': 'Der sekundäre Nameserver {0} hat keine Adresse.',
    'The zone of {0} is not served yet.': 'Die Zone von {0} wird noch nicht ausgeliefert.',
    'The new key {0} of {1} is damaged, so the old one signs on; signpost dkim rotate {2} --emergency replaces both.':
      'Der neue Schlüssel {0} von {1} ist beschädigt, deshalb unterschreibt der alte weiter; signpost dkim rotate {2} --emergency ersetzt beide.',
    'Keys are replaced every {0} to {1} days, or never (0).':
      'Schlüssel werden alle {0} bis {1} Tage ersetzt oder nie (0).',
    'The box takes no mail for {0}, and signs none.':
      'Die Box nimmt für {0} keine Mail an und unterschreibt keine.',
    'The DNS of {0} is served elsewhere, and nobody can tell when new keys are there: signpost dkim rotate {1} --emergency makes some that sign at once; put their records there right after.':
      'Das DNS von {0} ist anderswo, und niemand kann sagen, wann neue Schlüssel da sind: signpost dkim rotate {1} --emergency macht welche, die sofort unterschreiben; trage ihre Einträge gleich danach dort ein.',
    'New keys of {0} are on their way already: signpost dkim show {1} says what they wait for.':
      'Neue Schlüssel von {0} sind schon unterwegs: signpost dkim show {1} sagt, worauf sie warten.',
    'An RSA key is being made.': 'Ein RSA-Schlüssel wird gemacht.',
    'Every nameserver of the domain must have the new keys.':
      'Jeder Nameserver der Domain muss die neuen Schlüssel haben.',
    'Caches may still say that the new keys are not there.':
      'Zwischenspeicher können noch sagen, dass es die neuen Schlüssel nicht gibt.',
    'Rspamd must have the new keys.': 'Rspamd muss die neuen Schlüssel haben.',
    'Mail that was signed with the old keys may still be under way.':
      'Mail, die mit den alten Schlüsseln unterschrieben wurde, kann noch unterwegs sein.',
    'Who looks for the revoked keys is to see that they are.':
      'Wer nach den widerrufenen Schlüsseln sieht, soll sehen, dass sie es sind.',
    'There is no domain {0}.': 'Es gibt keine Domain {0}.',
    '{0} domains are filtered otherwise than the box: let others be as it is first.':
      '{0} Domains filtern anders als die Box: Lass zuerst andere sein wie sie.',
    '{0} has {1}: retire {2} first; {3} mail is kept.':
      '{0} hat {1}: zuerst stilllegen; die Mail bleibt erhalten.{2-}{3-}',
    '{0} has more than {1} aliases: remove some of them first.':
      '{0} hat mehr als {1} Aliasse: Entferne zuerst einige davon.',
    '{0} leads to {1}: change it before you remove {2}.':
      '{0} führt zu {1}: Ändere das, bevor du {2} entfernst.',
    'Dovecot does not answer where Postfix delivers mail (LMTP).':
      'Dovecot antwortet nicht, wo Postfix Mail zustellt (LMTP).',
    'nginx does not answer on port {0}.': 'nginx antwortet nicht an Port {0}.',
    'On port {0} somebody else answers, or an nginx that Signpost has not configured.':
      'An Port {0} antwortet jemand anderes oder ein nginx, den Signpost nicht konfiguriert hat.',
    'Postfix does not answer on port 25.': 'Postfix antwortet nicht an Port 25.',
    "Postfix cannot read the box's directory ({0}), and does not answer: each folder above it must let the user postfix through (docs/mail.md).":
      'Postfix kann das Verzeichnis der Box nicht lesen ({0}) und antwortet nicht: Jeder Ordner darüber muss den Benutzer postfix durchlassen (docs/mail.md).',
    'Postfix finds nothing in the directory.': 'Postfix findet nichts im Verzeichnis.',
    'Redis does not answer on port {0}.': 'Redis antwortet nicht an Port {0}.',
    'PHP does not answer where Roundcube is to be (php-fpm).':
      'PHP antwortet nicht, wo Roundcube sein soll (php-fpm).',
    'PHP answers where Roundcube is to be, but not as it must.':
      'PHP antwortet, wo Roundcube sein soll, aber nicht, wie es muss.',
    'Rspamd does not answer on port {0}.': 'Rspamd antwortet nicht an Port {0}.',
    'What answers on port {0} is no milter.': 'Was an Port {0} antwortet, ist kein Milter.',
    'Unbound does not answer on {0}.': 'Unbound antwortet nicht an {0}.',
    '{0} does not name {1} first: Postfix cannot tell which answers are signed (DANE).':
      '{0} nennt {1} nicht zuerst: Postfix kann nicht erkennen, welche Antworten signiert sind (DANE).',
    '{0} {1} is not one that Signpost can configure: it knows {2} up to below {3}.':
      '{0} {1} kann Signpost nicht konfigurieren: Es kennt {2} bis unter {3}.',
    'The history cannot be read, as the Redis of the mail servers does not answer ({0}); look with: signpost mail status':
      'Der Verlauf lässt sich nicht lesen, weil das Redis der Mailserver nicht antwortet ({0}); sieh nach mit: signpost mail status',
    'Something went wrong inside the box; its log has the cause.':
      'In der Box ging etwas schief; der Grund steht in ihrem Protokoll.',
    '{0} has {1} app passwords: remove one that is used no more.':
      '{0} hat {1} App-Passwörter: Entferne eines, das nicht mehr benutzt wird.',
    '{0} has no app password {1}.': '{0} hat kein App-Passwort {1}.',
    'The address or the password is wrong. Check both.':
      'Die Adresse oder das Passwort ist falsch. Prüfe beides.',
    '{0} Four words that have nothing to do with each other are good.':
      '{0} Gut sind vier Wörter, die nichts miteinander zu tun haben.',
    'The password has a control character, such as a line break.':
      'Das Passwort hat ein Steuerzeichen, etwa einen Zeilenumbruch.',
    'The password is too short: it needs {0} characters at least.':
      'Das Passwort ist zu kurz: Es braucht mindestens {0} Zeichen.',
    'The password is too long: it may have {0} characters.':
      'Das Passwort ist zu lang: Es darf {0} Zeichen haben.',
    'The password has fewer than five different characters.':
      'Das Passwort hat weniger als fünf verschiedene Zeichen.',
    'The password is a row of characters that follow each other.':
      'Das Passwort ist eine Reihe aufeinanderfolgender Zeichen.',
    'The password is one of those that are tried first.':
      'Das Passwort ist eines von denen, die zuerst versucht werden.',
    'The password is made of the address.': 'Das Passwort ist aus der Adresse gemacht.',
    'An argon2id hash may ask for {0} MiB and {1} passes at most.':
      'Ein argon2id-Hash darf höchstens {0} MiB und {1} Durchgänge verlangen.',
    'A password hash is written as Dovecot does: {ARGON2ID}$argon2id$… or {SHA512-CRYPT}$6$…; give the password itself for any other.':
      'Ein Passwort-Hash wird wie bei Dovecot geschrieben: {ARGON2ID}$argon2id$… oder {SHA512-CRYPT}$6$…; gib bei jedem anderen das Passwort selbst an.',
    'There is an alias {0} now: remove it before you restore the mailbox.':
      'Inzwischen gibt es einen Alias {0}: Entferne ihn, bevor du das Postfach wieder in Betrieb nimmst.',
    'The mailbox {0} is retired, with its mail: POST /api/v1/mailboxes/{1}/restore brings it back.':
      'Das Postfach {0} ist stillgelegt, mit seiner Mail: Unter den stillgelegten kannst du es wieder in Betrieb nehmen (POST /api/v1/mailboxes/{1}/restore).',
    'The mailbox {0} is there already.': 'Das Postfach {0} gibt es schon.',
    'There is an alias {0}: remove it first, or let it lead to a mailbox of another name.':
      'Es gibt einen Alias {0}: Entferne ihn zuerst, oder lass ihn zu einem Postfach mit anderem Namen führen.',
    '{0} takes no part in mail: PATCH /api/v1/domains/{1} with {"mail": true} changes that.':
      '{0} nimmt nicht an Mail teil: Auf der Seite der Domain lässt sich das ändern (PATCH /api/v1/domains/{1} mit {"mail": true}).',
    '{0} is the name of the box, at which only its own addresses are: add it as a domain to have mailboxes there.':
      '{0} ist der Name der Box, an dem nur ihre eigenen Adressen sind: Füge ihn als Domain hinzu, um dort Postfächer zu haben.',
    'There is no domain {0} on this box: POST /api/v1/domains adds it.':
      'Auf dieser Box gibt es keine Domain {0}: Füge sie zuerst hinzu.',
    'There is no mailbox {0}.': 'Es gibt kein Postfach {0}.',
    'Give either password or passwordHash.': 'Gib entweder password oder passwordHash an.',
    'There is a password already.': 'Es gibt schon ein Passwort.',
    'Say which messages: give an id or a domain.':
      'Sage, welche Nachrichten: Gib eine Kennung oder eine Domain an.',
    'There is no message {0} in the queue; it may have gone out.':
      'In der Warteschlange ist keine Nachricht {0}; vielleicht ist sie hinaus.',
    'The agent does not answer at {0}; start it as root: systemctl enable --now signpost-agent, or signpost-agent where there is no systemd.':
      'Der Agent antwortet nicht an {0}; starte ihn als root: systemctl enable --now signpost-agent, oder signpost-agent, wo es kein systemd gibt.',
    'Something went wrong inside the box.': 'In der Box ging etwas schief.',
    'The mail server {0} {1} and goes on as before ({2}): signpost mail plan shows what was to change, signpost mail apply tries again.':
      'Der Mailserver {0} {1} und läuft weiter wie zuvor ({2}): signpost mail plan zeigt, was sich ändern sollte, signpost mail apply versucht es noch einmal.',
    'An addition of your own was left as it was, and the mail servers go on without it: {0}; mend it, then: signpost mail apply':
      'Ein eigener Zusatz blieb, wie er war, und die Mailserver laufen ohne ihn weiter: {0}; richte ihn, dann: signpost mail apply',
    'Rspamd does not have the newest keys yet.': 'Rspamd hat die neuesten Schlüssel noch nicht.',
    'Give the relay host by its name, which its certificate must show.':
      'Nenne den Relay-Host bei seinem Namen, den sein Zertifikat zeigen muss.',
    'A password needs a user: give relay.user, too.':
      'Ein Passwort braucht einen Benutzer: Gib auch den Benutzer an.',
    'Give the password of {0} at {1}: none is kept for it.':
      'Gib das Passwort von {0} bei {1} an: Es ist keines dafür gespeichert.',
    'What is refused must score more than what goes into Junk.':
      'Was abgewiesen wird, muss mehr Punkte haben als das, was in den Spam-Ordner kommt.',
    '{0} is this box itself: mail would go in a circle.': '{0} ist diese Box selbst: Mail liefe im Kreis.',
    '{0} is a whole domain: only a whole domain leads to one, and to nothing else.':
      '{0} ist eine ganze Domain: Zu einer führt nur eine ganze Domain, und dann zu nichts anderem.',
    '{0} would lead to itself.': '{0} würde zu sich selbst führen.',
    '{0} would lead to itself: {1}.': '{0} würde zu sich selbst führen: {1}.',
    'The mailbox {0} is retired: restore it, or name another.':
      'Das Postfach {0} ist stillgelegt: Nimm es wieder in Betrieb, oder nenne ein anderes.',
    'There is no mailbox and no alias {0}: make it first, or correct the address.':
      'Es gibt kein Postfach und keinen Alias {0}: Lege es zuerst an, oder berichtige die Adresse.',
    '{0} to {1}: change {2} before {3}.': '{0} zu {1}: Ändere das, bevor {3}.{2-}',
    'Too many ask what mailboxes hold at once, and Dovecot is slow to say; ask again in a minute.':
      'Zu viele fragen auf einmal, was in den Postfächern liegt, und Dovecot sagt es langsam; frage in einer Minute wieder.',
    '{0} domains have more than a folder of files: let one of them be that first.':
      '{0} Domains haben mehr als einen Ordner mit Dateien: Lass zuerst eine von ihnen nur den haben.',
    'The rules of all sites have more than {0} MiB together: make some of them fewer or shorter first.':
      'Die Regeln aller Websites haben zusammen mehr als {0} MiB: Mache zuerst einige davon weniger oder kürzer.',
    'A path is / or such as /app/v2: letters, digits, ., _, ~ and -.':
      'Ein Pfad ist / oder etwa /app/v2: Buchstaben, Ziffern, ., _, ~ und -.',
    '{0} has a rule already.': '{0} hat schon eine Regel.',
    'A proxy leads to http://ADDRESS:PORT, with an address of this machine or an inside network.':
      'Ein Proxy führt zu http://ADRESSE:PORT, mit einer Adresse dieser Maschine oder eines inneren Netzes.',
    'A redirect leads to a URL of http or https, without a user, $ or quotes.':
      'Eine Weiterleitung führt zu einer URL mit http oder https, ohne Benutzer, $ und Anführungszeichen.',
    'The cursor is none that this list gave out; start without one.':
      'Der Cursor ist keiner, den diese Liste ausgegeben hat; fange ohne einen an.',
    'This version of the box does not know such jobs.': 'Diese Version der Box kennt solche Aufträge nicht.',
    'The hostname is too long: {0} octets is the limit.':
      'Der Hostname ist zu lang: höchstens {0} Oktette sind möglich.',
    'Give at least one public address, IPv4 or IPv6.':
      'Gib mindestens eine öffentliche Adresse an, IPv4 oder IPv6.',
    '{0} is no IPv4 address.': '{0} ist keine IPv4-Adresse.',
    '{0} is no IPv6 address.': '{0} ist keine IPv6-Adresse.',
    'The TTL is seconds, from 0 to 2147483647.': 'Die TTL sind Sekunden, von 0 bis 2147483647.',
    'A certificate for {0} is ordered; until it is there, HTTPS at that name shows one that the box signed itself. That of {1} is kept and renewed while this name answers.':
      'Ein Zertifikat für {0} wird bestellt; bis es da ist, zeigt HTTPS unter diesem Namen eines, das die Box selbst signiert hat. Das von {1} bleibt und wird erneuert, solange dieser Name antwortet.',
    'At the registrar of each domain set the nameservers {0}, and the addresses of those that lie in it (glue).':
      'Trage beim Registrar jeder Domain die Nameserver {0} ein, und die Adressen derer, die in ihr liegen (Glue).',
    'Keep the addresses of before answering, if there are such, until the parents have the new ones and two days (the usual TTL of a delegation) are over.':
      'Behalte die bisherigen Adressen, wenn es solche gibt, bis die übergeordneten Zonen die neuen haben und zwei Tage (die übliche TTL einer Delegation) vorbei sind.',
    'See that {0} and its nameservers are found: its own parent first.':
      'Sorge dafür, dass {0} und seine Nameserver gefunden werden: zuerst in der übergeordneten Zone.',
    'Have the reverse names (PTR) of the addresses changed where the addresses come from: they should give the new hostname.':
      'Lass die Rückwärtsnamen (PTR) der Adressen dort ändern, woher sie kommen: Sie sollen den neuen Hostnamen nennen.',
    'Have programs that were told the old hostname told the new one.':
      'Nenne Programmen, die den alten Hostnamen haben, den neuen.',
    'When no domain names it any more, remove the delegation of {0} itself, or set the new nameservers there.':
      'Wenn keine Domain ihn mehr nennt, entferne die Delegation von {0} selbst, oder trage dort die neuen Nameserver ein.',
    '{0} answer on by themselves until all parents were seen without them and caches have forgotten them: signpost box show says what is awaited. signpost box retire {1} ends it at once.':
      '{0} antworten von selbst weiter, bis keine übergeordnete Zone sie mehr nennt und Zwischenspeicher sie vergessen haben: signpost box show sagt, worauf gewartet wird. signpost box retire {1} beendet es sofort.',
    '{0}: no address of the public internet; others cannot reach the box there.':
      '{0}: keine Adresse des öffentlichen Internets; andere erreichen die Box dort nicht.',
    '{0} have one address: when that cannot be reached, all domains are gone, and some registrars refuse it. A second address or a secondary nameserver (--secondary) helps.':
      '{0} haben eine Adresse: Ist die nicht erreichbar, sind alle Domains fort, und manche Registrare lehnen das ab. Eine zweite Adresse oder ein sekundärer Nameserver hilft.',
    '{0} is the box itself, and no secondary nameserver.':
      '{0} ist die Box selbst und kein sekundärer Nameserver.',
    'Your {0} record at {1} leaves the box no place at {2}; remove that record first.':
      'Dein {0}-Eintrag an {1} lässt der Box keinen Platz an {2}; entferne zuerst diesen Eintrag.',
    'You added this record.': 'Diesen Eintrag hast du hinzugefügt.',
    '{0} has a DNAME record, so nothing below it is ever answered; remove the DNAME first':
      '{0} hat einen DNAME-Eintrag, deshalb wird nichts darunter je beantwortet; entferne zuerst den DNAME',
    '{0} is delegated by NS records; add this record at the nameservers that they name':
      '{0} ist durch NS-Einträge delegiert; füge diesen Eintrag bei den Nameservern hinzu, die sie nennen',
    '{0} has a CNAME record, and no other record can stand beside it; remove the CNAME first':
      '{0} hat einen CNAME-Eintrag, und neben ihm kann kein anderer stehen; entferne zuerst den CNAME',
    '{0} has a DNAME record already, and there can be only one; change that one':
      '{0} hat schon einen DNAME-Eintrag, und es kann nur einen geben; ändere den',
    '{0} has {1} records, which would no longer be answered once it is delegated; remove them first':
      '{0} hat {1}-Einträge, die nach der Delegation nicht mehr beantwortet würden; entferne sie zuerst',
    '{0} is not delegated; add its NS records first, then the DS record':
      '{0} ist nicht delegiert; füge zuerst seine NS-Einträge hinzu, dann den DS-Eintrag',
    '{0} has a CNAME record already, and there can be only one; change that one':
      '{0} hat schon einen CNAME-Eintrag, und es kann nur einen geben; ändere den',
    '{0} has {1} records, and a CNAME cannot stand beside other records; remove them first':
      '{0} hat {1}-Einträge, und ein CNAME kann nicht neben anderen Einträgen stehen; entferne sie zuerst',
    '{0} has a {1} record, which would no longer be answered; remove it first':
      '{0} hat einen {1}-Eintrag, der nicht mehr beantwortet würde; entferne ihn zuerst',
    'The {0} record of {1} leads to {2}, which therefore cannot be a CNAME; change that record first':
      'Der {0}-Eintrag von {1} führt zu {2}, das deshalb kein CNAME sein kann; ändere zuerst diesen Eintrag',
    '{0} is not in the zone {1}; write the whole name, such as www.{2}':
      '{0} liegt nicht in der Zone {1}; schreibe den ganzen Namen, etwa www.{2}',
    'The NS records of {0} itself are made by the box; to add nameservers, add them as secondaries':
      'Die NS-Einträge von {0} selbst macht die Box; für weitere Nameserver füge sie als sekundäre hinzu',
    '{0} cannot be a CNAME, because its SOA and NS records stand there; use A and AAAA records, or an HTTPS record such as "0 target."':
      '{0} kann kein CNAME sein, weil dort SOA und NS stehen; nimm A- und AAAA-Einträge oder einen HTTPS-Eintrag wie „0 ziel.“',
    'A DNAME at {0} would hide every other name of the zone; put it at a name below':
      'Ein DNAME an {0} würde jeden anderen Namen der Zone verdecken; setze ihn an einen Namen darunter',
    'A wildcard cannot have {0} records: servers disagree on what they would mean; write one for each name':
      'Ein Platzhalter kann keine {0}-Einträge haben: Server sind uneins, was sie bedeuten; schreibe einen für jeden Namen',
    "The addresses of {0} are the box's, which was {1} before, until no parent names that any more; to end it now, retire the former hostname":
      'Die Adressen von {0} sind die der Box, die früher {1} hieß, bis keine übergeordnete Zone das mehr nennt; um es jetzt zu beenden, beende den früheren Hostnamen',
    "The addresses of {0} are the box's own; change them in the box's settings":
      'Die Adressen von {0} sind die der Box selbst; ändere sie in den Einstellungen der Box',
    'The box itself is at or below {0}; a {1} record there would make it unreachable':
      'Die Box selbst ist an oder unter {0}; ein {1}-Eintrag dort würde sie unerreichbar machen',
    'The box vouches for the keys of a domain at {0}, if it hosts one of that name; a {1} record there would hide it':
      'An {0} bürgt die Box für die Schlüssel einer Domain, wenn sie eine dieses Namens hat; ein {1}-Eintrag dort würde das verdecken',
    '{0} receives mail, so it cannot be a CNAME; use A and AAAA records, or switch its mail off first':
      '{0} empfängt Mail, deshalb kann es kein CNAME sein; nimm A- und AAAA-Einträge, oder schalte zuerst seine Mail aus',
    'The domain {0} is hosted here and would be hidden by a {1} record at {2}; remove the domain first':
      'Die Domain {0} ist hier und wäre durch einen {1}-Eintrag an {2} verdeckt; entferne zuerst die Domain',
    '{0} has so many {1} records that an answer would not fit into a DNS message; spread them over several names':
      '{0} hat so viele {1}-Einträge, dass eine Antwort nicht in eine DNS-Nachricht passt; verteile sie auf mehrere Namen',
    '{0} has {1} records, which is as many as a name can have; spread them over several names':
      '{0} hat {1} Einträge, mehr kann ein Name nicht haben; verteile sie auf mehrere Namen',
    '{0} has records of {1} types, which is as many as a name can have; spread them over several names':
      '{0} hat Einträge von {1} Typen, mehr kann ein Name nicht haben; verteile sie auf mehrere Namen',
    '{0} cannot both receive mail and say by "0 ." that it does not; remove the other MX records first':
      '{0} kann nicht Mail empfangen und zugleich mit „0 .“ sagen, dass es keine empfängt; entferne zuerst die anderen MX-Einträge',
    '{0} has {1} records already, and one with priority 0 (AliasMode) stands alone; remove the others first':
      '{0} hat schon {1}-Einträge, und einer mit Priorität 0 (AliasMode) steht allein; entferne zuerst die anderen',
    'The {0} record of {1} would lead to itself; write another name':
      'Der {0}-Eintrag von {1} führte zu sich selbst; schreibe einen anderen Namen',
    '{0} has an {1} record already, and with two of them neither counts; change that one':
      '{0} hat schon einen {1}-Eintrag, und bei zweien zählt keiner; ändere den',
    '{0} is an IP address, and {1} needs a name; add an A or AAAA record for a name and write that':
      '{0} ist eine IP-Adresse, und {1} braucht einen Namen; füge einen A- oder AAAA-Eintrag für einen Namen hinzu, und schreibe den',
    '{0} is only one label; write the whole name, such as {1}.{2}.':
      '{0} ist nur ein Label; schreibe den ganzen Namen, etwa {1}.{2}.',
    '{0} is not a host name: only letters, digits and hyphens; write the name of a host':
      '{0} ist kein Hostname: nur Buchstaben, Ziffern und Bindestriche; schreibe den Namen eines Hosts',
    '"." is no target of a {0} record; write a name':
      '„.“ ist kein Ziel eines {0}-Eintrags; schreibe einen Namen',
    'An MX that says "no mail" must be written as 0 . (RFC 7505)':
      'Ein MX, der „keine Mail“ sagt, muss als 0 . geschrieben werden (RFC 7505)',
    '{0} is at or below {1}, so the DNAME would lead to itself; write another name':
      '{0} ist an oder unter {1}, sodass der DNAME zu sich selbst führte; schreibe einen anderen Namen',
    '{0} leads back to {1}; write a name that has the records itself':
      '{0} führt zu {1} zurück; schreibe einen Namen, der die Einträge selbst hat',
    '{0} is a CNAME, and {1} must lead to a name with addresses of its own; write the name it stands for':
      '{0} ist ein CNAME, und {1} muss zu einem Namen mit eigenen Adressen führen; schreibe den Namen, für den er steht',
    '{0} has no address yet; add an A or AAAA record for it first':
      '{0} hat noch keine Adresse; füge zuerst einen A- oder AAAA-Eintrag dafür hinzu',
    'a quote is left open; close it, or leave the quotes out':
      'ein Anführungszeichen ist nicht geschlossen; schließe es, oder lass die Anführungszeichen weg',
    'a backslash must stand before a character or three digits (\\DDD)':
      'ein Backslash muss vor einem Zeichen oder drei Ziffern stehen (\\DDD)',
    '{0} records are made by the box for every zone; there is nothing to set by hand':
      '{0}-Einträge macht die Box für jede Zone; von Hand ist nichts zu setzen',
    'A ZONEMD record is a digest of the whole zone and would be wrong after the next change; the box makes it itself for a zone that has zonemd on':
      'Ein ZONEMD-Eintrag ist eine Prüfsumme der ganzen Zone und wäre nach der nächsten Änderung falsch; die Box macht ihn selbst für eine Zone, in der zonemd an ist',
    '{0} records are obsolete, and others refuse a zone file that has them; write an MX record in its place':
      '{0}-Einträge sind veraltet, und andere lehnen eine Zonendatei ab, die sie enthält; schreibe stattdessen einen MX-Eintrag',
    '{0} is never stored in a zone; choose another type':
      '{0} steht nie in einer Zone; wähle einen anderen Typ',
    'The box cannot check {0} records, and a wrong one makes secondaries refuse the whole zone; choose another type':
      'Die Box kann {0}-Einträge nicht prüfen, und wegen eines falschen lehnen sekundäre Nameserver die ganze Zone ab; wähle einen anderen Typ',
    '"{0}" is no record type; write one such as A, MX or TXT, or TYPE65280':
      '„{0}“ ist kein Eintragstyp; schreibe einen wie A, MX oder TXT, oder TYPE65280',
    '{0} to {1}, which would have no address left; change that first':
      '{0} zu {1}, das dann keine Adresse mehr hätte; ändere das zuerst',
    'The box has no {0} address that "local" could stand for; write an address':
      'Die Box hat keine {0}-Adresse, für die „local“ stehen könnte; schreibe eine Adresse',
    '; a good {0} value is {1}': '; ein guter {0}-Wert ist {1}',
    'Shows the certification authority that the box may have a certificate for this name; it goes when that is done.':
      'Zeigt der Zertifizierungsstelle, dass die Box ein Zertifikat für diesen Namen haben darf; danach verschwindet er.',
    'Lets mail programs (Thunderbird, Outlook and others) set themselves up from the address alone.':
      'Damit richten sich Mailprogramme (Thunderbird, Outlook und andere) allein aus der Adresse ein.',
    'Names the logo that mail programs may show beside genuine mail from this domain.':
      'Nennt das Logo, das Mailprogramme neben echter Mail dieser Domain zeigen dürfen.',
    'Lets only the box get certificates for these names: no other authority, account or method may issue one.':
      'Lässt nur die Box Zertifikate für diese Namen bekommen: Keine andere Stelle, kein anderes Konto und kein anderer Weg darf eines ausstellen.',
    'Tells the registry which DS record to keep for this zone, so that a change of key needs no visit to the registrar.':
      'Sagt der Registry, welchen DS-Eintrag sie für diese Zone behalten soll, sodass ein Schlüsselwechsel keinen Besuch beim Registrar braucht.',
    'Tells mail programs where to fetch and send mail, and that they should not try without encryption.':
      'Sagt Mailprogrammen, wo sie Mail abholen und senden, und dass sie es ohne Verschlüsselung nicht versuchen sollen.',
    'Lets calendar and address book programs find the server from the mail address alone.':
      'Damit finden Kalender- und Adressbuchprogramme den Server allein aus der Mailadresse.',
    'Holds the public key with which receivers check that mail from this domain is genuine and unaltered.':
      'Enthält den öffentlichen Schlüssel, mit dem Empfänger prüfen, dass Mail dieser Domain echt und unverändert ist.',
    'Agrees that DMARC reports about this domain may be sent to the box; without it they are not sent.':
      'Stimmt zu, dass DMARC-Berichte über diese Domain an die Box gehen dürfen; ohne das werden sie nicht geschickt.',
    'Asks receivers to treat forged mail from this domain as spam and to report what they saw.':
      'Bittet Empfänger, gefälschte Mail dieser Domain als Spam zu behandeln und zu berichten, was sie sahen.',
    'Holds the public keys with which everybody can check that answers from this zone are genuine.':
      'Enthält die öffentlichen Schlüssel, mit denen jeder prüfen kann, dass Antworten dieser Zone echt sind.',
    'The box had this name before: it answers until no parent leads to it any more and caches have forgotten it.':
      'So hieß die Box früher: Der Name antwortet, bis keine übergeordnete Zone mehr zu ihm führt und Zwischenspeicher ihn vergessen haben.',
    'The addresses of the box and of its nameservers: everything else leads to them.':
      'Die Adressen der Box und ihrer Nameserver: Alles andere führt zu ihnen.',
    'Tells other mail servers that mail for this domain must be delivered over verified TLS.':
      'Sagt anderen Mailservern, dass Mail für diese Domain nur über geprüftes TLS zugestellt werden darf.',
    'Tells other mail servers to deliver mail for this domain to the box.':
      'Sagt anderen Mailservern, dass sie Mail für diese Domain der Box bringen sollen.',
    'This name has an address but no mail: says so, so that nobody can forge mail from it.':
      'Dieser Name hat eine Adresse, aber keine Mail: Das wird gesagt, damit niemand Mail von ihm fälschen kann.',
    'Names the servers that answer for this domain; the registrar must list the same ones.':
      'Nennt die Server, die für diese Domain antworten; der Registrar muss dieselben nennen.',
    'Tells the servers how the names of this zone are hashed in proofs that a name does not exist.':
      'Sagt den Servern, wie die Namen dieser Zone in Beweisen gehasht werden, dass es einen Namen nicht gibt.',
    'Lets the registry switch on DNSSEC for a new domain by itself, because a zone that is secure already vouches for it.':
      'Lässt die Registry DNSSEC für eine neue Domain von selbst einschalten, weil eine schon sichere Zone für sie bürgt.',
    'Says that this zone exists, which version it is, and how secondaries keep their copies.':
      'Sagt, dass es diese Zone gibt, welche Version sie hat und wie sekundäre Nameserver ihre Kopien führen.',
    'Says that only the box sends mail for this domain, so that others can refuse forgeries.':
      'Sagt, dass nur die Box Mail für diese Domain sendet, sodass andere Fälschungen ablehnen können.',
    'Lets SSH clients recognise the box on the first visit without asking whether its key is right.':
      'Lässt SSH-Programme die Box beim ersten Besuch erkennen, ohne zu fragen, ob ihr Schlüssel stimmt.',
    'Asks other mail servers to report when they could not deliver to this domain over verified TLS.':
      'Bittet andere Mailserver zu berichten, wenn sie dieser Domain nicht über geprüftes TLS zustellen konnten.',
    'Lets other mail servers check the certificate of the box by DNSSEC, so nobody in between can read the mail.':
      'Lässt andere Mailserver das Zertifikat der Box über DNSSEC prüfen, sodass niemand dazwischen die Mail lesen kann.',
    'Leads browsers to the web server of the box, by HTTPS from the first request on.':
      'Führt Browser zum Webserver der Box, von der ersten Anfrage an über HTTPS.',
    'Your {0} leads {1} away from the box; remove that record first.':
      'Dein {0} führt {1} von der Box weg; entferne zuerst diesen Eintrag.',
    '{0} has a CNAME record of yours in the zone {1}, and no mail domain can stand there; remove the record first, or leave the domain without mail.':
      '{0} hat einen CNAME-Eintrag von dir in der Zone {1}, und dort kann keine Maildomain stehen; entferne zuerst den Eintrag, oder lass die Domain ohne Mail.',
    '{0} to {1}, which would have no address left; change that first.':
      '{0} zu {1}, das dann keine Adresse mehr hätte; ändere das zuerst.',
    'The domain {0} is there already.': 'Die Domain {0} ist schon da.',
    '{0} is no former hostname of the box that still answers.':
      '{0} ist kein früherer Hostname der Box, der noch antwortet.',
    '; of {0} it is not known yet': '; von {0} ist es noch nicht bekannt',
    'The former hostname {0} answers still, as the parents of {1} of {2} zones name it ({3}){4}: signpost registrar DOMAIN says what to set there.':
      'Der frühere Hostname {0} antwortet noch, weil die übergeordneten Zonen von {1} der {2} Zonen ihn nennen ({3}){4}: signpost registrar DOMAIN sagt, was dort einzutragen ist.',
    'It is outside of {0}.': 'Er liegt außerhalb von {0}.',
    'The box makes the SOA record itself.': 'Den SOA-Eintrag macht die Box selbst.',
    'It is DNSSEC data of the former server; the box signs the zone with its own keys.':
      'Das sind DNSSEC-Daten des bisherigen Servers; die Box signiert die Zone mit eigenen Schlüsseln.',
    'It names the former nameservers; the box derives its own NS records.':
      'Er nennt die bisherigen Nameserver; die Box macht eigene NS-Einträge.',
    'The DS record of a zone belongs into its parent.':
      'Der DS-Eintrag einer Zone gehört in die übergeordnete.',
    'The box derives the same record itself.': 'Denselben Eintrag macht die Box selbst.',
    'It leads mail programs or servers to the former mail service; the box derives its own records there.':
      'Er führt Mailprogramme oder Server zum bisherigen Maildienst; die Box macht dort eigene Einträge.',
    'The box receives the mail of this domain now and derives its own MX record.':
      'Die Box empfängt jetzt die Mail dieser Domain und macht einen eigenen MX-Eintrag.',
    'The box sends the mail of this domain now and derives its own SPF record; if others send for it too, add one that names both.':
      'Die Box sendet jetzt die Mail dieser Domain und macht einen eigenen SPF-Eintrag; senden auch andere für sie, füge einen hinzu, der beide nennt.',
    'It is there twice.': 'Er steht zweimal da.',
    '{0} has its DNS elsewhere; change its dns to "local" first, then import its records.':
      '{0} hat sein DNS anderswo; ändere zuerst dns auf „local“, dann übernimm seine Einträge.',
    'What {0} sends of {1} is not what was published: {2}. Try again, or import from another of its nameservers.':
      'Was {0} von {1} sendet, ist nicht, was veröffentlicht wurde: {2}. Versuche es noch einmal, oder übernimm von einem anderen seiner Nameserver.',
    '{0} is this box itself or in a network that is not public; import from there with the signpost command on the box, or allow that network with --import-networks.':
      '{0} ist diese Box selbst oder in einem Netz, das nicht öffentlich ist; übernimm von dort mit dem Befehl signpost auf der Box, oder erlaube dieses Netz mit --import-networks.',
    'The host {0} is not found; check its name.': 'Der Host {0} wird nicht gefunden; prüfe seinen Namen.',
    'The host {0} has no address; check its name.': 'Der Host {0} hat keine Adresse; prüfe seinen Namen.',
    "{0}; check address and port, and that the server's firewall lets this box in over TCP.":
      '{0}; prüfe Adresse und Port, und ob die Firewall des Servers diese Box über TCP hineinlässt.',
    '{0}; nothing was asked. Check the server, and the name, pin or CA that it is known by.':
      '{0}; nichts wurde gefragt. Prüfe den Server, und den Namen, Pin oder die Zertifizierungsstelle, an der er erkannt wird.',
    '{0}; try again, or import a zone file.': '{0}; versuche es noch einmal, oder lies eine Zonendatei ein.',
    '"{0}" in "{1}" is not a valid internationalised label; check its spelling':
      '„{0}“ in „{1}“ ist kein gültiges internationalisiertes Label; prüfe die Schreibweise',
    '{0} is an IP address; write a domain name such as example.com':
      '{0} ist eine IP-Adresse; schreibe einen Domainnamen wie example.com',
    '{0} has only one label; write the whole domain name, such as {1}.com':
      '{0} hat nur ein Label; schreibe die ganze Domain, etwa {1}.com',
    '{0} is a public suffix, under which people register domains of their own; write your own domain, such as example.{1}':
      '{0} ist ein öffentliches Suffix, unter dem andere ihre Domains haben; schreibe deine eigene Domain, etwa example.{1}',
    '"{0}" is no domain name: {1}; write it as www.example.com':
      '„{0}“ ist kein Domainname: {1}; schreibe ihn wie www.example.com',
    'The version {0} of {1} is not kept any more: the oldest one is {2}, of {3}. The settings of the box say for how long versions are kept.':
      'Die Version {0} von {1} ist nicht mehr da: Die älteste ist {2}, vom {3}. Die Einstellungen der Box sagen, wie lange Versionen bleiben.',
    'The zone {0} has no version {1}.': 'Die Zone {0} hat keine Version {1}.',
    'The signatures of version {0} are no longer kept; ask for it without them.':
      'Die Signaturen der Version {0} sind nicht mehr da; frage ohne sie.',
    'What the version {0} changed was damaged and is not known any more; compare versions that are both before it, or none of them.':
      'Was die Version {0} geändert hat, war beschädigt und ist nicht mehr bekannt; vergleiche Versionen, die beide davor liegen, oder keine davon.',
    'What is stored of these versions of {0} is damaged; POST /api/v1/zones/{1}/rebuild (signpost zone rebuild {2}) finds which, and puts the rest right.':
      'Was von diesen Versionen von {0} gespeichert ist, ist beschädigt; signpost zone rebuild {2} (POST /api/v1/zones/{1}/rebuild) findet, was, und bringt den Rest in Ordnung.',
    '{0} It is left out; it comes back by itself in a smaller zone.':
      '{0} Sie fehlt; in einer kleineren Zone kommt sie von selbst wieder.',
    '{0} is too long a name for NSEC3, which puts a hash before it; it stays with NSEC.':
      '{0} ist für NSEC3, das einen Hash davorsetzt, ein zu langer Name; es bleibt bei NSEC.',
    '{0} has {1} records, and a digest (ZONEMD) is made of {2} at most: it is made anew for every version, and would hold each change up.':
      '{0} hat {1} Einträge, und eine Prüfsumme (ZONEMD) wird für höchstens {2} gemacht: Sie wird für jede Version neu berechnet und würde jede Änderung aufhalten.',
    'The box has no hostname yet: set it first with PUT /api/v1/box.':
      'Die Box hat noch keinen Hostnamen: Setze ihn zuerst in den Einstellungen.',
    'The serial {0} is a step of the way back; it goes on to the time in {1}, when every secondary has it.':
      'Die Seriennummer {0} ist ein Schritt auf dem Rückweg; sie geht in {1} auf die Zeit weiter, wenn jeder sekundäre Nameserver sie hat.',
    'The serial {0} is {1} ahead of the clock: that was wrong once, or is now.':
      'Die Seriennummer {0} ist der Uhr {1} voraus: Die ging einmal falsch, oder geht es jetzt.',
    '{0} Secondaries follow all the same, and {1}; see docs/serials.md.':
      '{0} Sekundäre Nameserver folgen trotzdem, und {1}; siehe docs/serials.md.',
    'There is no zone {0}; the zones are at GET /api/v1/zones.': 'Es gibt keine Zone {0}.',
    'There is no record {0} in {1}.': 'In {1} gibt es keinen Eintrag {0}.',
    ' (a host record at the registrar of {0})': ' (ein Host-Eintrag beim Registrar von {0})',
    'The parent has not been asked yet; refresh to ask it.':
      'Die übergeordnete Zone wurde noch nicht gefragt; frage jetzt.',
    "The parent's servers could not be asked ({0}); try again in some minutes.":
      'Die Server der übergeordneten Zone ließen sich nicht fragen ({0}); versuche es in einigen Minuten noch einmal.',
    'Nothing to do: delegation and DS are right.': 'Nichts zu tun: Delegation und DS stimmen.',
    ' (their addresses are host records at the registrar of {0})':
      ' (ihre Adressen sind Host-Einträge beim Registrar von {0})',
    'Set the hostname of the box first, with PUT /api/v1/box.':
      'Setze zuerst den Hostnamen der Box, in den Einstellungen.',
    '{0} has its DNS elsewhere, so its registrar stays as it is; ask for its records instead.':
      '{0} hat sein DNS anderswo, also bleibt bei seinem Registrar alles, wie es ist; sieh dir stattdessen die Einträge an.',
    '{0} is no domain of this box; add it first.': '{0} ist keine Domain dieser Box; füge sie zuerst hinzu.',
    'put back the copy of the database of a day when it was whole (docs/repair.md)':
      'hole die Kopie der Datenbank von einem Tag zurück, an dem er heil war (docs/repair.md)',
    'The private key {0} of {1} is damaged, and without it the zone cannot be signed: {2}.':
      'Der private Schlüssel {0} von {1} ist beschädigt, und ohne ihn lässt sich die Zone nicht signieren: {2}.',
    'The record {0} of {1} is damaged, and nothing else says what it was; the zone is served as it was: {2}{3}.':
      'Der Eintrag {0} von {1} ist beschädigt, und nichts anderes sagt, was er war; die Zone wird ausgeliefert, wie sie war: {2}{3}.',
    'There is no secondary {0} on this box.': 'Auf dieser Box gibt es keinen sekundären Nameserver {0}.',
    'There is a secondary {0} already; remove it first.':
      'Einen sekundären Nameserver {0} gibt es schon; entferne ihn zuerst.',
    'There is no TSIG key {0}; make it first, with POST /api/v1/tsig-keys.':
      'Es gibt keinen TSIG-Schlüssel {0}; lege ihn zuerst an, mit POST /api/v1/tsig-keys.',
    'The key {0} opens some zones only, and the catalog names all; make a key that opens all of them.':
      'Der Schlüssel {0} öffnet nur einige Zonen, und der Katalog nennt alle; lege einen an, der alle öffnet.',
    'There is a TSIG key {0} already; remove it, or give another name.':
      'Einen TSIG-Schlüssel {0} gibt es schon; entferne ihn, oder wähle einen anderen Namen.',
    'There is no TSIG key {0} on this box.': 'Auf dieser Box gibt es keinen TSIG-Schlüssel {0}.',
    'The secondary {0} signs with the key {1}; remove the secondary first.':
      'Der sekundäre Nameserver {0} unterschreibt mit dem Schlüssel {1}; entferne ihn zuerst.',
    'It cannot be published ({0}): its last version is served on, and it is tried again.':
      'Sie lässt sich nicht veröffentlichen ({0}): Ihre letzte Version wird weiter ausgeliefert, und es wird wieder versucht.',
    'This must be {0}.': 'Das muss {0} sein.',
    'This field is missing.': 'Dieses Feld fehlt.',
    'This must be one of {0}.': 'Das muss eines von diesen sein: {0}.',
    'This is none of the forms that are known here.': 'Keine der Formen, die hier bekannt sind.',
    'This must be at least {0}.': 'Das muss mindestens {0} sein.',
    'This must have at least {0} {1}.': 'Das muss mindestens {0} {1*} haben.',
    'This must be at most {0}.': 'Das darf höchstens {0} sein.',
    'This must have at most {0} {1}.': 'Das darf höchstens {0} {1*} haben.',
    'The request is not valid.': 'Die Anfrage ist nicht gültig.',
    'This is not an IPv4 address.': 'Das ist keine IPv4-Adresse.',
    'This is not an IPv6 address.': 'Das ist keine IPv6-Adresse.',
    'This is not an IP address.': 'Das ist keine IP-Adresse.',
    'Write true or false.': 'Schreibe true oder false.',
    'Give the box its hostname and public addresses first: {0}':
      'Gib der Box zuerst ihren Hostnamen und ihre öffentlichen Adressen: {0}',
    'The token may not read this zone or name.': 'Diese Zone oder diesen Namen darfst du nicht lesen.',
    'You may not read this mailbox or alias.': 'Dieses Postfach oder diesen Alias darfst du nicht lesen.',
    '{0} would be a new domain. {1}': '{0} wäre eine neue Domain. {1}',
    'Give at least one target.': 'Gib mindestens ein Ziel an.',
    'Give at least one alias.': 'Gib mindestens einen Alias an.',
    'Give at least one domain.': 'Gib mindestens eine Domain an.',
    'Give at least one record.': 'Gib mindestens einen Eintrag an.',
    'Give at least one mailbox.': 'Gib mindestens ein Postfach an.',
    'One request adds at most {0} aliases. Split it.':
      'Eine Anfrage fügt höchstens {0} Aliasse hinzu. Teile sie.',
    'One request adds at most {0} domains. Split it.':
      'Eine Anfrage fügt höchstens {0} Domains hinzu. Teile sie.',
    'One request adds at most {0} mailboxes. Split it.':
      'Eine Anfrage fügt höchstens {0} Postfächer hinzu. Teile sie.',
    'One request changes at most {0} records. Split it.':
      'Eine Anfrage ändert höchstens {0} Einträge. Teile sie.',
    '{0} is not in the zone {1}.': '{0} liegt nicht in der Zone {1}.',
    'The link is wrong, was used, or is older than a day. Ask an administrator for another, or make one on the box with `signpost account reset NAME`.':
      'Der Link ist falsch, wurde schon verwendet oder ist älter als ein Tag. Bitte einen Verwalter um einen neuen, oder mache auf der Box einen mit `signpost account reset NAME`.',
    'The secret is wrong, used, or older than an hour. Make an account on the box with `signpost account add NAME --role owner`, or start it again for a new link.':
      'Das Geheimnis ist falsch, verwendet oder älter als eine Stunde. Lege auf der Box ein Konto an mit `signpost account add NAME --role owner`, oder starte sie neu für einen neuen Link.',
    'it is not served': 'sie wird nicht ausgeliefert',
    'its last version is served on': 'ihre letzte Version wird weiter ausgeliefert',
    'what was stored of it was damaged': 'was von ihr gespeichert war, war beschädigt',
    'The last copy of the database is of {0}': 'Die letzte Kopie der Datenbank ist vom {0}',
    'There is no copy of the database': 'Es gibt keine Kopie der Datenbank',
    'none was tried yet': 'noch keine wurde versucht',
    'the database is damaged: {0}': 'die Datenbank ist beschädigt: {0}',
    'stop the box, keep the data folder as it is, and put back a backup of yours':
      'halte die Box an, lass den Datenordner, wie er ist, und spiele eine eigene Sicherung zurück',
    'there are none': 'es gibt keine',
    '{0} cannot be read: {1}': '{0} lässt sich nicht lesen: {1}',
    '{0} is no file': '{0} ist keine Datei',
    'it took longer than {0} seconds': 'er brauchte länger als {0} Sekunden',
    'it cannot be started: {0}': 'er lässt sich nicht starten: {0}',
    'it was ended by {0}': 'er wurde von {0} beendet',
    'exit code {0}': 'Exit-Code {0}',
    'two thirds of its lifetime': 'zwei Drittel seiner Laufzeit',
    'there is none yet': 'es gibt noch keines',
    'back-off after a failure': 'Wartezeit nach einem Fehlschlag',
    'the CA asks for this rest': 'die Zertifizierungsstelle bittet um diese Pause',
    'the CA asks for a rest from all orders':
      'die Zertifizierungsstelle bittet bei allen Bestellungen um eine Pause',
    'the CA allows only so many {0}': 'die Zertifizierungsstelle erlaubt nur so viele {0}',
    'certificates for the same names in a week': 'Zertifikate für dieselben Namen in einer Woche',
    'failures for {0} in an hour': 'Fehlschläge für {0} in einer Stunde',
    'new certificates below {0} in a week': 'neue Zertifikate unter {0} in einer Woche',
    'the CA allows only so many orders at a time':
      'die Zertifizierungsstelle erlaubt nur so viele Bestellungen auf einmal',
    'its domain is delegated to the box now': 'seine Domain führt jetzt zur Box',
    'it was revoked': 'es wurde widerrufen',
    'another CA is set': 'eine andere Zertifizierungsstelle ist eingestellt',
    'its TLSA record must be known everywhere first': 'sein TLSA-Eintrag muss zuerst überall bekannt sein',
    '{0} ({1}) has no such TXT record at {2}': '{0} ({1}) hat an {2} keinen solchen TXT-Eintrag',
    '"{0}" has a +: what follows it is the sender\'s choice, and comes to {1} before it':
      '„{0}“ hat ein +: Was dahinter steht, wählt der Absender, und es kommt bei {1} davor an',
    '"{0}" cannot be the name of a mailbox: only letters a to z, digits, dots, hyphens and underscores, beginning with a letter, a digit or an underscore':
      '„{0}“ kann nicht der Name eines Postfachs sein: nur Buchstaben a bis z, Ziffern, Punkte, Binde- und Unterstriche, mit einem Buchstaben, einer Ziffer oder einem Unterstrich am Anfang',
    '"{0}" is no mail address: write it as name@example.com':
      '„{0}“ ist keine Mailadresse: Schreibe sie wie name@example.com',
    '"{0}" cannot stand before the @ of a mail address':
      '„{0}“ kann nicht vor dem @ einer Mailadresse stehen',
    '"{0}" is no name of a host': '„{0}“ ist kein Name eines Hosts',
    'mailboxes, such as {0}': 'Postfächer, etwa {0}',
    'the mailbox {0}': 'das Postfach {0}',
    '{0} and others lead': '{0} und andere führen',
    'you remove it': 'du es entfernst',
    'you retire it': 'du es stilllegst',
    'Mail servers are missing. Install them: {0}': 'Es fehlen Mailserver. Installiere sie: {0}',
    '{0}: edited by hand since Signpost wrote it': '{0}: von Hand geändert, seit Signpost es schrieb',
    '{0} is not used as it is: {1}': '{0} wird nicht benutzt, wie es ist: {1}',
    '{0} is not installed: apt-get install --no-install-recommends {1}':
      '{0} ist nicht installiert: apt-get install --no-install-recommends {1}',
    'what was there before is in {0}': 'was vorher da war, liegt in {0}',
    'systemctl {0} ended with {1}': 'systemctl {0} endete mit {1}',
    'Dovecot says where Postfix delivers mail: {0}': 'Dovecot sagt, wo Postfix Mail zustellt: {0}',
    'Postfix says on port 25: {0}': 'Postfix sagt an Port 25: {0}',
    'Postfix cannot sign in at the relay host: apt-get install --no-install-recommends libsasl2-modules':
      'Postfix kann sich beim Relay-Host nicht anmelden: apt-get install --no-install-recommends libsasl2-modules',
    'Redis says: {0}': 'Redis sagt: {0}',
    'The MTA-STS daemon does not answer on port {0}.': 'Der MTA-STS-Daemon antwortet nicht an Port {0}.',
    'The MTA-STS daemon says: {0}': 'Der MTA-STS-Daemon sagt: {0}',
    'sievec does not take it': 'sievec nimmt es nicht',
    'The mail servers could not be configured: {0}': 'Die Mailserver ließen sich nicht konfigurieren: {0}',
    'was not configured anew': 'wurde nicht neu konfiguriert',
    'was put back as it was': 'wurde zurückgesetzt',
    'no reason was given': 'kein Grund wurde genannt',
    'Nobody knows which keys Rspamd has: {0}': 'Niemand weiß, welche Schlüssel Rspamd hat: {0}',
    'line {0}, {1}': 'Zeile {0}, {1}',
    'Ask what each parent has: signpost registrar DOMAIN --refresh':
      'Frage, was jede übergeordnete Zone hat: signpost registrar DOMAIN --refresh',
    'The TTL is seconds, from 0 to 2147483647': 'Die TTL sind Sekunden, von 0 bis 2147483647',
    'the value is missing': 'der Wert fehlt',
    'The value is not a valid {0} record: {1}{2}': 'Der Wert ist kein gültiger {0}-Eintrag: {1}{2}',
    'A record of {0} leads': 'Ein Eintrag von {0} führt',
    'The NS records of every zone lead': 'Die NS-Einträge jeder Zone führen',
    'Your {0} record of {1} leads': 'Dein {0}-Eintrag von {1} führt',
    '{0} record at {1}': '{0}-Eintrag an {1}',
    'The DS record of {0} belongs into the parent zone: set it at the registrar':
      'Der DS-Eintrag von {0} gehört in die übergeordnete Zone: Trage ihn beim Registrar ein',
    'Line {0}: {1}': 'Zeile {0}: {1}',
    'In {0}': 'In {0}',
    'line {0}, column {1}: {2}': 'Zeile {0}, Spalte {1}: {2}',
    'Another record says the same, or cannot stand beside this one':
      'Ein anderer Eintrag sagt dasselbe oder kann nicht neben diesem stehen',
    'In "{0}" the * must be the first label, as in *.example.com':
      'In „{0}“ muss * das erste Label sein, wie in *.example.com',
    '"{0}" in {1} is not a host name label: only letters, digits and hyphens, with no hyphen at either end':
      '„{0}“ in {1} ist kein Label eines Hostnamens: nur Buchstaben, Ziffern und Bindestriche, ohne Bindestrich am Anfang oder Ende',
    'Write the whole name, such as www.example.com': 'Schreibe den ganzen Namen, etwa www.example.com',
    'the clock catches up by itself': 'die Uhr holt von selbst auf',
    'the way back begins with {0}': 'der Rückweg beginnt mit {0}',
    'remove the DS record {0}, {1}': 'entferne den DS-Eintrag {0}, {1}',
    'set the DS record "{0} {1} {2} {3}"': 'trage den DS-Eintrag „{0} {1} {2} {3}“ ein',
    'whose algorithm or digest type no resolver knows':
      'dessen Algorithmus oder Digest-Typ kein Resolver kennt',
    "whose digest is not that of the zone's key": 'dessen Digest nicht der des Schlüssels der Zone ist',
    "whose algorithm is {0} where the zone's key has {1}":
      'dessen Algorithmus {0} ist, wo der Schlüssel der Zone {1} hat',
    'which matches no key of the zone': 'der zu keinem Schlüssel der Zone passt',
    'add the nameserver{0} {1}': 'füge als Nameserver {1} hinzu{0-}',
    'remove the nameserver{0} {1}, by a name that the box had before':
      'entferne als Nameserver {1}, nach einem früheren Namen der Box{0-}',
    'remove the nameserver{0} {1}, not of this box': 'entferne als Nameserver {1}, nicht von dieser Box{0-}',
    'change the address of {0} from {1} to {2}{3}': 'ändere die Adresse von {0} von {1} auf {2}{3}',
    'remove the address {0} of {1}{2}': 'entferne die Adresse {0} von {1}{2}',
    'give {0} the address {1}{2}': 'gib {0} die Adresse {1}{2}',
    'resolvers refuse the zone, as no DS record at the parent matches its key':
      'Resolver lehnen die Zone ab, weil kein DS-Eintrag in der übergeordneten zu ihrem Schlüssel passt',
    'the root zone': 'der Rootzone',
    'there is no {0} in {1}: register it if it is not yours, and {2}':
      'in {1} gibt es kein {0}: registriere es, wenn es nicht dir gehört, und {2}',
    'there are no nameservers of {0} in {1}: {2}': 'in {1} gibt es keine Nameserver von {0}: {2}',
    'the name {0} is an alias in {1}: remove its CNAME or DNAME there, and {2}':
      'der Name {0} ist in {1} ein Alias: entferne dort seinen CNAME oder DNAME, und {2}',
    'remove the DS record {0} first, and a day later {1}':
      'entferne zuerst den DS-Eintrag {0}, und einen Tag später {1}',
    'the nameservers are {0}: {1}{2} instead': 'die Nameserver sind {0}: {1}{2}, statt dieser',
    'set the nameservers {0}{1}': 'trage als Nameserver {0}{1} ein',
    'no answer within {0} seconds': 'keine Antwort binnen {0} Sekunden',
    '{0} did not answer within {1} ms': '{0} hat binnen {1} ms nicht geantwortet',
    '{0} cannot be reached: {1}': '{0} ist nicht erreichbar: {1}',
    '{0} is not trusted over TLS: {1}': '{0} wird über TLS nicht vertraut: {1}',
    '{0} sent what is no answer: {1}': '{0} hat gesendet, was keine Antwort ist: {1}',
    'no server of {0} gives a useful answer about {1}: {2}':
      'kein Server von {0} gibt eine brauchbare Antwort zu {1}: {2}',
    'none of them has an address': 'keiner davon hat eine Adresse',
    'answers {0}': 'antwortet {0}',
    'answers without authority': 'antwortet ohne Zuständigkeit',
    'refers back up': 'verweist zurück nach oben',
    'it answers {0}': 'er antwortet {0}',
    'it does not serve the zone': 'er liefert die Zone nicht aus',
    'it answers another question': 'er beantwortet eine andere Frage',
    'it closed the connection': 'er hat die Verbindung geschlossen',
    'it shows no certificate': 'er zeigt kein Zertifikat',
    'it shows another public key than the pinned one: that of {0}':
      'er zeigt einen anderen öffentlichen Schlüssel als den festgelegten: den von {0}',
    '{0} needs more than {1} ms for the zone': '{0} braucht für die Zone mehr als {1} ms',
    'it is not authoritative for {0}': 'er ist für {0} nicht zuständig',
    'the transfer of {0} fails with {1}': 'die Übertragung von {0} scheitert mit {1}',
    '{0} has more than {1} {2}': '{0} hat mehr als {1} {2*}',
    'the SOA at the end is not that of the beginning: the zone changed meanwhile':
      'der SOA am Ende ist nicht der vom Anfang: Die Zone hat sich inzwischen geändert',
    'its digest (ZONEMD of serial {0}) is not that of its records':
      'ihre Prüfsumme (ZONEMD der Seriennummer {0}) ist nicht die ihrer Einträge',
    'the key {0}': 'der Schlüssel {0}',
    'the record {0}': 'der Eintrag {0}',
    'the record {0}: add it again': 'der Eintrag {0}: füge ihn wieder hinzu',
    'what the version {0} changed': 'was die Version {0} geändert hat',
    'its records as they are served, and their signatures':
      'ihre Einträge, wie sie ausgeliefert werden, und deren Signaturen',
    'what this version changes against the one before': 'was diese Version gegen die davor ändert',
    'remove that record and add it again, or {0}':
      'entferne diesen Eintrag und füge ihn wieder hinzu, oder {0}',
    '{0} is missing': '{0*} fehlt',
    '{0} must be a number from 0 to {1}, not "{2}"': '{0*} muss eine Zahl von 0 bis {1} sein, nicht „{2}“',
    '{0} must be a number of seconds or a time such as 1h30m, not "{1}"':
      '{0*} muss eine Zahl von Sekunden oder eine Zeit wie 1h30m sein, nicht „{1}“',
    '{0} must be an IPv4 address such as 192.0.2.1, not "{1}"':
      '{0*} muss eine IPv4-Adresse wie 192.0.2.1 sein, nicht „{1}“',
    '{0} must be an IPv6 address such as 2001:db8::1, not "{1}"':
      '{0*} muss eine IPv6-Adresse wie 2001:db8::1 sein, nicht „{1}“',
    '{0} holds an escape that is not \\DDD or \\X':
      '{0*} hat eine Ersatzdarstellung, die nicht \\DDD oder \\X ist',
    '{0} must be hexadecimal digits in pairs': '{0*} muss aus Hexziffern in Paaren bestehen',
    '{0} must be base64': '{0*} muss Base64 sein',
    'nothing more is expected after the rdata, but there is "{0}"':
      'nach dem Wert wird nichts mehr erwartet, aber da ist „{0}“',
    '{0} must be a type such as MX or TYPE15, not "{1}"':
      '{0*} muss ein Typ wie MX oder TYPE15 sein, nicht „{1}“',
    '{0} must be a time as YYYYMMDDHHmmSS from 1970 to 2106, not "{1}"':
      '{0*} muss eine Zeit als YYYYMMDDHHmmSS von 1970 bis 2106 sein, nicht „{1}“',
    '{0} must be {1} octets long, not {2}': '{0*} muss {1} Oktette lang sein, nicht {2}',
    'tag must be made of letters and digits, not "{0}"':
      'das Tag muss aus Buchstaben und Ziffern bestehen, nicht „{0}“',
    'protocol must be 3, not {0}': 'das Protokoll muss 3 sein, nicht {0}',
    'flags must be a number or words such as ZONE|KSK, not "{0}"':
      'Flags müssen eine Zahl oder Wörter wie ZONE|KSK sein, nicht „{0}“',
    'flags must be letters and digits': 'Flags müssen Buchstaben und Ziffern sein',
    'regexp must be empty or such as "!^.*$!sip:info@example.com!"':
      'der Regexp muss leer sein oder etwa „!^.*$!sip:info@example.com!“',
    'a quote or an escape is left open':
      'ein Anführungszeichen oder eine Ersatzdarstellung ist nicht zu Ende',
    'address must be such as {0}, not "{1}"': 'die Adresse muss wie {0} sein, nicht „{1}“',
    'prefix must be such as {0}, not "{1}"': 'das Präfix muss wie {0} sein, nicht „{1}“',
    'target must not be empty': 'das Ziel darf nicht leer sein',
    'with priority 0 (AliasMode) there can be no parameters':
      'bei Vorrang 0 (AliasMode) kann es keine Parameter geben',
    'mandatory lists {0}, which is not there': 'mandatory nennt {0}, das nicht da ist',
    'no-default-alpn makes sense with alpn only': 'no-default-alpn hat nur mit alpn einen Sinn',
    'parameter {0} is given twice': 'der Parameter {0} steht zweimal da',
    'parameter {0} {1}': 'der Parameter {0} {1}',
    'takes no value': 'nimmt keinen Wert',
    'takes no escapes': 'nimmt keine Ersatzdarstellungen',
    'lists a key twice': 'nennt einen Schlüssel zweimal',
    'must not list itself': 'darf sich nicht selbst nennen',
    'has an empty item': 'hat einen leeren Teil',
    'must be a number from 0 to 65535, not "{0}"': 'muss eine Zahl von 0 bis 65535 sein, nicht „{0}“',
    'must be base64': 'muss Base64 sein',
    '{0} must end in {1} or {2}': '{0*} muss auf {1} oder {2} enden',
    '{0} must be at most {1} degrees': '{0*} darf höchstens {1} Grad sein',
    '{0} must be from {1} to {2} metres, not "{3}"': '{0*} muss von {1} bis {2} Meter sein, nicht „{3}“',
    'degrees of {0}': 'Grad von {0*}',
    'minutes of {0}': 'Minuten von {0*}',
    'seconds of {0}': 'Sekunden von {0*}',
    'a digest of type {0}': 'ein Digest vom Typ {0}',
    'a fingerprint of type {0}': 'ein Fingerabdruck vom Typ {0}',
    'data of matching type {0}': 'Daten vom Abgleichtyp {0}',
    'the name is {0} octets long; 255 is the limit':
      'der Name ist {0} Oktette lang; höchstens 255 sind möglich',
    'a label is empty (two dots in a row)': 'ein Label ist leer (zwei Punkte hintereinander)',
    'a label is {0} octets long; 63 is the limit':
      'ein Label ist {0} Oktette lang; höchstens 63 sind möglich',
    'the name is empty': 'der Name ist leer',
    '"{0}" holds a character that is not plain ASCII; write it as A-label (xn--…) or as \\DDD':
      '„{0}“ hat ein Zeichen, das nicht ASCII ist; schreibe es als A-Label (xn--…) oder als \\DDD',
    '"{0}" holds \\{1}, which is no octet': '„{0}“ hat \\{1}, was kein Oktett ist',
    '"{0}" ends in a backslash': '„{0}“ endet mit einem Backslash',
    '"{0}" holds an escape that is not \\DDD': '„{0}“ hat eine Ersatzdarstellung, die nicht \\DDD ist',
    '{0} takes {1}': '{0} nimmt {1}',
    'nothing more is expected here, but there is "{0}"': 'hier wird nichts mehr erwartet, aber da ist „{0}“',
    'this parenthesis is never closed': 'diese Klammer wird nie geschlossen',
    'this parenthesis was never opened': 'diese Klammer wurde nie geöffnet',
    'this quote is not closed in its line': 'dieses Anführungszeichen ist in seiner Zeile nicht geschlossen',
    'a backslash escapes nothing at the end of a line': 'ein Backslash am Ende einer Zeile steht vor nichts',
    'this word is longer than any record': 'dieses Wort ist länger als jeder Eintrag',
    'there are more than {0} records': 'es sind mehr als {0} Einträge',
    '{0} cannot be included here': '{0} kann hier nicht eingebunden werden',
    'the first record has no owner: a line that starts with a blank repeats the last one':
      'der erste Eintrag hat keinen Namen: Eine Zeile, die mit einem Leerzeichen beginnt, wiederholt den letzten',
    'the record has no type': 'der Eintrag hat keinen Typ',
    'type {0} has no place in a zone': 'der Typ {0} hat in einer Zone keinen Platz',
    'the name is longer than 255 octets': 'der Name ist länger als 255 Oktette',
    'this is no {0} rdata: {1}': 'das ist kein {0}-Wert: {1}',
    '{0} leads': '{0} führt',
    '{0} lead': '{0} führen',
    'a good {0} value is {1}': 'ein guter {0}-Wert ist {1}',
    'This needs a token.': 'Das braucht ein Token.',
    'This is for a person who is signed in, and not for a token.':
      'Das ist für jemanden, der angemeldet ist, und nicht für ein Token.',
    'This needs a token with the scope admin.': 'Das braucht ein Token mit dem Scope admin.',
    'This needs an administrator, or a token with the scope admin.':
      'Das braucht einen Verwalter oder ein Token mit dem Scope admin.',
    'This needs a token with the scope domains:write or admin.':
      'Das braucht ein Token mit dem Scope domains:write oder admin.',
    'This needs a token with the scope mail:write or admin.':
      'Das braucht ein Token mit dem Scope mail:write oder admin.',
    'This needs a token with the scope certificates:export-key itself; admin is not enough.':
      'Das braucht ein Token mit dem Scope certificates:export-key selbst; admin genügt nicht.',
    'This needs a token that may read everything: read, domains:write, mail:write, admin, or dns:write without limits.':
      'Das braucht ein Token, das alles lesen darf: read, domains:write, mail:write, admin oder dns:write ohne Grenzen.',
    'The token may not read this record.': 'Diesen Eintrag darf das Token nicht lesen.',
    'This needs a token with the scope dns:write for the whole zone, or admin.':
      'Das braucht ein Token mit dem Scope dns:write für die ganze Zone, oder admin.',
    'This needs a token with the scope dns:write, or admin.':
      'Das braucht ein Token mit dem Scope dns:write oder admin.',
    'The token is unknown, revoked or expired, or it is not for your address. Check it, or make a new one.':
      'Das Token ist unbekannt, widerrufen oder abgelaufen, oder es gilt nicht für deine Adresse. Prüfe es, oder lege ein neues an.',
    'Too many wrong tokens came. Wait {0} seconds, then try again with a valid token.':
      'Zu viele falsche Tokens kamen. Warte {0} Sekunden, und versuche es dann mit einem gültigen.',
    'This is the domain name by which a CA is known, such as letsencrypt.org; or auto.':
      'Das ist der Domainname, an dem eine Zertifizierungsstelle zu erkennen ist, etwa letsencrypt.org, oder auto.',
    'A site has {0} rules at most.': 'Eine Website hat höchstens {0} Regeln.',
    'Name a server that the zone comes from.': 'Nenne einen Server, von dem die Zone kommt.',
    'Transfers of the secondary zone {0} are signed with the key {1}; change its primaries first.':
      'Übertragungen der sekundären Zone {0} sind mit dem Schlüssel {1} unterschrieben; ändere zuerst ihre primären Server.',
    '{0} is a domain of the box, or its own name; remove it first, or import the zone instead.':
      '{0} ist eine Domain der Box oder ihr eigener Name; entferne sie zuerst, oder übernimm die Zone stattdessen.',
    '{0} is in the zone {1} of the box, and would not be found below a secondary zone {2}; remove it first.':
      '{0} liegt in der Zone {1} der Box und wäre unter einer sekundären Zone {2} nicht zu finden; entferne es zuerst.',
    '{0} cannot be here beside the secondary zone {1}, which would answer in its place; remove that first.':
      '{0} kann nicht neben der sekundären Zone {1} hier sein, die statt seiner antworten würde; entferne sie zuerst.',
    '{0} more secondary zones cannot be refreshed.':
      '{0} weitere sekundäre Zonen lassen sich nicht auffrischen.',
    'The secondary zone {0} has not come yet and is not served{1}.':
      'Die sekundäre Zone {0} ist noch nicht gekommen und wird nicht ausgeliefert{1}.',
    'The secondary zone {0} has expired and answers SERVFAIL, as none of its primaries was reached since {1}{2}.':
      'Die sekundäre Zone {0} ist abgelaufen und antwortet SERVFAIL, weil seit {1} keiner ihrer primären Server erreicht wurde{2}.',
    'The secondary zone {0} was not refreshed since {1} and expires at {2}{3}.':
      'Die sekundäre Zone {0} wurde seit {1} nicht aufgefrischt und läuft um {2} ab{3}.',
    'The secondary zone {0} is served{1}.': 'Die sekundäre Zone {0} wird ausgeliefert{1}.',
    'the {0} records at {1} do not fit into one answer':
      'die {0}-Einträge bei {1} passen nicht in eine Antwort',
    'the NSEC3 of {0} have no hash algorithm that is known here':
      'die NSEC3 von {0} haben kein Hash-Verfahren, das hier bekannt ist',
    'the NSEC3 of {0} have {1} iterations, more than {2} (RFC 9276)':
      'die NSEC3 von {0} haben {1} Wiederholungen, mehr als {2} (RFC 9276)',
    '{0} is a secondary zone already; change its primaries.':
      '{0} ist schon eine sekundäre Zone; ändere ihre primären Server.',
    '{0} is the catalog that the box itself makes.': '{0} ist der Katalog, den die Box selbst macht.',
    'There is no secondary zone {0} on this box.': 'Auf dieser Box gibt es keine sekundäre Zone {0}.',
    '{0} is this box itself or in a network that is not public; name such a primary with the signpost command on the box, or allow that network with --import-networks.':
      '{0} ist diese Box selbst oder in einem Netz, das nicht öffentlich ist; nenne einen solchen primären Server mit dem Befehl signpost auf der Box, oder erlaube dieses Netz mit --import-networks.',
  },
};
