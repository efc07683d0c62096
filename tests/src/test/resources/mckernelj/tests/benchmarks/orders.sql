-- Tables in memory, indices, joins, windows.
CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT, city INTEGER);
CREATE TABLE purchase(id INTEGER PRIMARY KEY, customer INTEGER, day INTEGER, amount REAL, note TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
INSERT INTO customer SELECT i, printf('customer %05d', i * 7919 % 10007), i % 50 FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
INSERT INTO purchase SELECT i, 1 + i * 31 % 2000, i % 365, (i * 37 % 10000) / 100.0, hex(i * i) FROM n;
CREATE INDEX purchase_customer ON purchase(customer);
CREATE INDEX purchase_day ON purchase(day, amount);
SELECT city, count(*), round(sum(amount), 2) FROM customer JOIN purchase ON customer.id = customer GROUP BY city ORDER BY 3 DESC LIMIT 5;
SELECT name, amount FROM (SELECT name, amount, rank() OVER (PARTITION BY city ORDER BY amount DESC, purchase.id) AS place
    FROM customer JOIN purchase ON customer.id = customer WHERE day < 100) WHERE place = 1 ORDER BY name LIMIT 5;
SELECT count(*) FROM purchase WHERE note LIKE '%FF%' OR substr(note, 2, 2) = '1A';
UPDATE purchase SET amount = amount * 1.1 WHERE day BETWEEN 50 AND 150;
DELETE FROM purchase WHERE customer IN (SELECT id FROM customer WHERE city = 7);
SELECT count(*), round(sum(amount), 2), max(note) FROM purchase;
