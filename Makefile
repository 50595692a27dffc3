# A thin front over bootstrap.py, which makes the environment and runs the task in it. `make help` lists the tasks.
PYTHON ?= python3
FLAGS = $(if $(ONLY),--only $(ONLY)) $(if $(SEED),--seed $(SEED)) $(if $(SCENARIO),--scenario $(SCENARIO)) $(if $(EXIT),--exit)

.PHONY: help install demo check test bench drill lock clean

help:
	@$(PYTHON) bootstrap.py help

install:
	@$(PYTHON) bootstrap.py install --dev

demo bench drill:
	@$(PYTHON) bootstrap.py $@ $(FLAGS)

check test lock clean:
	@$(PYTHON) bootstrap.py $@
