/** A zone with one of everything that an answer can be, for comparisons with other servers and for validators. */
export const SERVER_ZONE = `$ORIGIN example.com.
$TTL 3600
@                 SOA   ns1 hostmaster 2026010101 7200 3600 1209600 900
@                 NS    ns1
@                 NS    ns2
@                 MX    10 mail
@                 MX    20 mail.example.net.
@                 TXT   "v=spf1 mx -all"
@                 CAA   0 issue "letsencrypt.org"
ns1               A     192.0.2.53
ns2               A     198.51.100.53
ns2               AAAA  2001:db8::53
mail              A     192.0.2.25
mail              AAAA  2001:db8::25
_25._tcp.mail     TLSA  3 1 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
_imaps._tcp       SRV   0 1 993 mail
Www.MiXed         A     192.0.2.80
www               CNAME web
web               A     192.0.2.81
web               HTTPS 1 . alpn=h2
alias             CNAME www
outside           CNAME www.example.net.
dangling          CNAME nowhere
loop1             CNAME loop2
loop2             CNAME loop1
toempty           CNAME ent
a.b.ent           TXT   "below two empty non-terminals"
*.wild            TXT   "expanded"
*.wild            A     192.0.2.90
host.wild         A     192.0.2.91
x.deep.wild       A     192.0.2.92
*.walias          CNAME web
*.wnowhere        CNAME nowhere
sub.*.wsub        A     192.0.2.93
dn                DNAME dtarget
dn                TXT   "beside the DNAME"
x.dtarget         A     192.0.2.94
y.dtarget         CNAME x.dtarget
*.w.dtarget       A     192.0.2.95
out               DNAME example.net.
long              DNAME ${'l'.repeat(63)}.${'m'.repeat(63)}.${'n'.repeat(50)}
secure            NS    ns.secure
secure            NS    ns1
secure            DS    12345 13 2 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
ns.secure         A     192.0.2.100
ns.secure         AAAA  2001:db8::100
insecure          NS    ns.insecure
insecure          NS    ns.example.net.
ns.insecure       A     192.0.2.101
deep.insecure     A     192.0.2.102
a.b.delegated     NS    ns.example.net.
toinsecure        CNAME host.insecure
big               TXT   "${'a'.repeat(250)}" "${'b'.repeat(250)}" "${'c'.repeat(250)}"
big               TXT   "${'d'.repeat(250)}" "${'e'.repeat(250)}" "${'f'.repeat(250)}"
zz                TYPE65280 \\# 4 01020304
`;
