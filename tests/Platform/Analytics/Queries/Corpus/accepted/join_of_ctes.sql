-- dataset: shop
WITH looks AS (SELECT "user" AS u, qty FROM shop WHERE action = 'look'), buys AS (SELECT "user" AS v, amount FROM visits) SELECT avg(amount) FROM looks JOIN buys ON u = v WHERE qty > 2
