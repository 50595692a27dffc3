# A thin front over bootstrap.py, which makes the environment and runs the task in it. `make help` lists the tasks.
PYTHON ?= python3
FLAGS = $(if $(ONLY),--only $(ONLY)) $(if $(SEED),--seed $(SEED)) $(if $(SCENARIO),--scenario $(SCENARIO)) $(if $(EXIT),--exit)
NIGHTS = $(if $(SCALE),--scale $(SCALE)) $(if $(SEED),--seed $(SEED)) $(if $(DAYS),--days $(DAYS)) $(if $(EVENTS),--events $(EVENTS)) $(if $(STORE),--store $(STORE)) $(if $(DATA),--data $(DATA))

.PHONY: help install assets demo simulate check test test-browser screenshots bench drill lock clean

help:
	@$(PYTHON) bootstrap.py help

install:
	@$(PYTHON) bootstrap.py install --dev

demo bench drill:
	@$(PYTHON) bootstrap.py $@ $(FLAGS)

simulate:
	@$(PYTHON) bootstrap.py $@ $(NIGHTS)

test-browser screenshots:
	@$(PYTHON) bootstrap.py $@ $(ONLY)

assets check test lock clean:
	@$(PYTHON) bootstrap.py $@
