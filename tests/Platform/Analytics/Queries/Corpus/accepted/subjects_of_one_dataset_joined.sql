-- dataset: shop
WITH looks AS (SELECT "user", count(*) AS n FROM shop WHERE action = 'look' GROUP BY "user"), buys AS (SELECT "user", least(count(*), 5) AS n FROM shop WHERE action = 'buy' GROUP BY "user") SELECT buys.n, count(*) FROM looks LEFT JOIN buys ON looks."user" = buys."user" WHERE looks.n >= 2 GROUP BY buys.n
