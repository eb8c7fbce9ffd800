BEGIN TRANSACTION;
CREATE TABLE addresses (
            address TEXT NOT NULL,
            article INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            PRIMARY KEY (address, article)
        ) WITHOUT ROWID;
INSERT INTO "addresses" VALUES('presse.example/3',1845312985497600);
INSERT INTO "addresses" VALUES('kommune21.example/meldung_1',1846124583321600);
INSERT INTO "addresses" VALUES('kommune21.example/meldung_1.html',1846124583321600);
INSERT INTO "addresses" VALUES('kommune21.example?p=1',1846124583321600);
CREATE TABLE article_labels (
            label   INTEGER NOT NULL,
            article INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            PRIMARY KEY (label, article)
        ) WITHOUT ROWID;
INSERT INTO "article_labels" VALUES(1,1845312985497600);
INSERT INTO "article_labels" VALUES(2,1845312985497600);
INSERT INTO "article_labels" VALUES(3,1845312985497600);
INSERT INTO "article_labels" VALUES(4,1845312985497600);
INSERT INTO "article_labels" VALUES(5,1846124583321600);
INSERT INTO "article_labels" VALUES(6,1846124583321600);
INSERT INTO "article_labels" VALUES(7,1846124583321600);
INSERT INTO "article_labels" VALUES(8,1846124583321600);
INSERT INTO "article_labels" VALUES(9,1846124583321600);
INSERT INTO "article_labels" VALUES(10,1846124583321600);
INSERT INTO "article_labels" VALUES(11,1846124583321600);
INSERT INTO "article_labels" VALUES(1,1846128358195200);
INSERT INTO "article_labels" VALUES(3,1846128358195200);
INSERT INTO "article_labels" VALUES(4,1846128358195200);
INSERT INTO "article_labels" VALUES(12,1846128358195200);
CREATE TABLE articles (
            id          INTEGER PRIMARY KEY,          -- in time order, see SERIAL_BITS
            ref         TEXT NOT NULL UNIQUE,         -- the short id that people type
            feed        INTEGER NOT NULL REFERENCES feeds (id),
            identity    TEXT NOT NULL,                -- guid, else canonical link, else title and day
            second      TEXT NOT NULL,                -- canonical link, else title and day
            hash        TEXT NOT NULL,                -- of all that the feed says: same hash, no write
            url         TEXT NOT NULL DEFAULT '',
            kicker      TEXT NOT NULL DEFAULT '',
            title       TEXT NOT NULL,
            kind        TEXT NOT NULL DEFAULT '',
            published   INTEGER,                      -- Unix seconds as the feed says, NULL: it does not
            updated     INTEGER,
            first_seen  INTEGER NOT NULL,
            teaser      TEXT NOT NULL DEFAULT '',
            image       TEXT,                         -- JSON {url, alt, caption, credit}
            enclosure   TEXT,                         -- JSON {url, type, length}
            states      TEXT NOT NULL DEFAULT '[]',   -- JSON ["DE-BB"]
            places      TEXT NOT NULL DEFAULT '[]',   -- JSON [{name, kind, ags, states}]
            topics      TEXT NOT NULL DEFAULT '[]',   -- JSON [{key, name}]
            categories  TEXT NOT NULL DEFAULT '[]',   -- JSON, as the feed says
            author      TEXT NOT NULL DEFAULT '',
            truncated   INTEGER NOT NULL DEFAULT 0,   -- a text was longer than the limit
            read        INTEGER NOT NULL DEFAULT 0,
            starred     INTEGER NOT NULL DEFAULT 0, level TEXT NOT NULL DEFAULT '' /* about whom: bund, eu */,
            UNIQUE (feed, identity)
        );
INSERT INTO "articles" VALUES(1845312985497600,'emtvdz97',2,'g:g-3','l:presse.example/3','7ad598d6b2296daea4dfe1b1e12eaf78','https://presse.example/3','','Gesetz beschlossen','',1759827600,NULL,1760605200,'',NULL,NULL,'[]','[]','[{"key":"politik","name":"Politik"}]','[]','',0,1,0,'');
INSERT INTO "articles" VALUES(1846124583321600,'x8zzft8k',1,'g:kommune21.example?p=1','l:kommune21.example/meldung_1.html','da884b3a7cd62c332412a10907de1d15','https://www.kommune21.example/meldung_1.html','Kreis Bergstraße','Neues Portal für Bürgerinnen','bericht',1760601600,1760605200,1760605200,'Der Landkreis und Bensheim führen ein Portal ein.','{"url":"https://www.kommune21.example/bild.jpg","alt":"Rathaus","caption":"Das Rathaus","credit":"Foto: Stadt"}','{"url":"https://www.kommune21.example/ton.mp3","type":"audio/mpeg","length":1234}','["DE-HE"]','[{"name":"Landkreis Bergstraße","kind":"district","ags":"06431","states":["DE-HE"]},{"name":"Bensheim","kind":"municipality","ags":"06431002","states":["DE-HE"]},{"name":"Metropolregion Rhein-Neckar","kind":"region","ags":"","states":["DE-BW","DE-HE","DE-RP"]}]','[{"key":"portale","name":"Portale"},{"key":"ki","name":"Künstliche Intelligenz"}]','["Portale","KI"]','Redaktion',1,0,1,'');
INSERT INTO "articles" VALUES(1846128358195200,'kpt1bxyr',1,'t:ohne datum|','t:ohne datum|','1972bc3f3307446ea6aeb6721aff39d9','','','Ohne Datum','',NULL,NULL,1760605200,'Nur ein Text.',NULL,NULL,'[]','[]','[]','[]','',0,0,0,'');
CREATE TABLE bodies (
            article INTEGER PRIMARY KEY REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            blocks  TEXT NOT NULL                     -- JSON [[type, text], …]
        );
INSERT INTO "bodies" VALUES(1845312985497600,'[]');
INSERT INTO "bodies" VALUES(1846124583321600,'[["heading","Einführung"],["list","eins\nzwei"]]');
INSERT INTO "bodies" VALUES(1846128358195200,'[]');
CREATE TABLE feeds (
            id            INTEGER PRIMARY KEY,
            key           TEXT NOT NULL UNIQUE,       -- the key in the configuration
            url           TEXT NOT NULL,              -- as configured when last visited
            title         TEXT NOT NULL DEFAULT '',   -- what the feed calls itself
            etag          TEXT NOT NULL DEFAULT '',   -- validators of the last complete answer, verbatim
            last_modified TEXT NOT NULL DEFAULT '',
            body_hash     TEXT NOT NULL DEFAULT '',   -- of the last parsed body: same hash, no parse
            last_try      INTEGER,                    -- Unix seconds, NULL: never
            last_ok       INTEGER,
            not_before    INTEGER,                    -- asked for by Retry-After
            failures      INTEGER NOT NULL DEFAULT 0, -- in a row
            failing_since INTEGER,
            code          TEXT NOT NULL DEFAULT '',   -- of the last failure, empty when all is well
            message       TEXT NOT NULL DEFAULT '',
            http_status   INTEGER
        );
INSERT INTO "feeds" VALUES(1,'kommune21','https://www.kommune21.example/feed','','','','',NULL,NULL,NULL,0,NULL,'','',NULL);
INSERT INTO "feeds" VALUES(2,'presse','https://presse.example/atom','','','','',NULL,NULL,NULL,0,NULL,'','',NULL);
CREATE TABLE hosts (
            host           TEXT PRIMARY KEY,
            robots         TEXT,                      -- text of robots.txt
            robots_fetched INTEGER,                   -- Unix seconds
            asked          REAL NOT NULL DEFAULT 0    -- the last request for a page, by the clock on the wall
        ) WITHOUT ROWID;
CREATE TABLE labels (
            id      INTEGER PRIMARY KEY,
            kind    TEXT NOT NULL,                    -- state, topic, place, kind
            value   TEXT NOT NULL,                    -- DE-BY, bund, eu; ki; 06431, region:…; bericht; none
            name    TEXT NOT NULL,                    -- as people say it, empty where value is none
            folded  TEXT NOT NULL,                    -- the name as it is completed
            details TEXT NOT NULL DEFAULT '',         -- of places: JSON {name, kind, ags, states}
            UNIQUE (kind, value)
        );
INSERT INTO "labels" VALUES(1,'state','none','','','');
INSERT INTO "labels" VALUES(2,'topic','politik','Politik','politik','');
INSERT INTO "labels" VALUES(3,'place','none','','','');
INSERT INTO "labels" VALUES(4,'kind','none','','','');
INSERT INTO "labels" VALUES(5,'state','DE-HE','Hessen','hessen','');
INSERT INTO "labels" VALUES(6,'topic','portale','Portale','portale','');
INSERT INTO "labels" VALUES(7,'topic','ki','Künstliche Intelligenz','kunstliche intelligenz','');
INSERT INTO "labels" VALUES(8,'place','06431','Landkreis Bergstraße','landkreis bergstrasse','{"name":"Landkreis Bergstraße","kind":"district","ags":"06431","states":["DE-HE"]}');
INSERT INTO "labels" VALUES(9,'place','06431002','Bensheim','bensheim','{"name":"Bensheim","kind":"municipality","ags":"06431002","states":["DE-HE"]}');
INSERT INTO "labels" VALUES(10,'place','region:metropolregion-rhein-neckar','Metropolregion Rhein-Neckar','metropolregion rhein-neckar','{"name":"Metropolregion Rhein-Neckar","kind":"region","ags":"","states":["DE-BW","DE-HE","DE-RP"]}');
INSERT INTO "labels" VALUES(11,'kind','bericht','bericht','bericht','');
INSERT INTO "labels" VALUES(12,'topic','none','','','');
CREATE TABLE mentions (
            article  INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            position INTEGER NOT NULL,
            mention  TEXT NOT NULL,                   -- JSON of a Mention, published in seconds
            PRIMARY KEY (article, position)
        ) WITHOUT ROWID;
CREATE TABLE pages (
            article     INTEGER PRIMARY KEY REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            url         TEXT NOT NULL DEFAULT '',     -- that answered, after redirects
            tried       INTEGER,                      -- Unix seconds, NULL: wanted, never asked for
            fetched     INTEGER,                      -- NULL: never read
            tries       INTEGER NOT NULL DEFAULT 0,   -- in vain, in a row
            code        TEXT NOT NULL DEFAULT '',     -- of the last failure, empty when all is well
            message     TEXT NOT NULL DEFAULT '',
            http_status INTEGER,
            page        TEXT,                         -- JSON of the page without text and related items
            blocks      TEXT                          -- JSON as in bodies; NULL: the page has no text
        );
CREATE TABLE refs (
            ref     TEXT PRIMARY KEY,
            article INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE
        ) WITHOUT ROWID;
CREATE TABLE stubs (
            id          INTEGER PRIMARY KEY,
            ref         TEXT NOT NULL UNIQUE,
            feed        INTEGER NOT NULL REFERENCES feeds (id), -- of the page that named it
            second      TEXT NOT NULL UNIQUE,         -- l:address, else t:kicker, title and day
            mention     TEXT NOT NULL,                -- JSON as above
            first_seen  INTEGER NOT NULL,
            tried       INTEGER,                      -- of its own page, as in pages
            fetched     INTEGER,
            tries       INTEGER NOT NULL DEFAULT 0,
            code        TEXT NOT NULL DEFAULT '',
            message     TEXT NOT NULL DEFAULT '',
            http_status INTEGER,
            url         TEXT NOT NULL DEFAULT '',
            page        TEXT                          -- JSON of the whole page
        );
CREATE INDEX articles_second ON articles (feed, second);
CREATE INDEX articles_of_feed ON articles (feed, id);
CREATE INDEX articles_unread ON articles (id) WHERE read = 0;
CREATE INDEX articles_starred ON articles (id) WHERE starred = 1;
CREATE INDEX labels_folded ON labels (kind, folded);
CREATE INDEX article_labels_article ON article_labels (article);
CREATE VIEW v_articles AS
        SELECT a.ref AS id, f.key AS feed, a.kicker, a.title, a.url, a.kind,
               datetime(coalesce(a.published, a.first_seen), 'unixepoch') AS published_utc,
               a.published IS NULL AS published_is_estimate,
               datetime(a.first_seen, 'unixepoch') AS first_seen_utc,
               a.teaser, a.level, a.states, a.places, a.topics, a.read, a.starred
        FROM articles AS a JOIN feeds AS f ON f.id = a.feed;
CREATE INDEX pages_wanted ON pages (tried) WHERE fetched IS NULL;
CREATE INDEX addresses_article ON addresses (article);
CREATE INDEX refs_article ON refs (article);
COMMIT;
PRAGMA user_version = 3;
PRAGMA application_id = 1802464621;
